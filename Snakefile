# Five papers on training neural networks in parallel, rerun.
#
#   snakemake --cores all                                    the sample edition
#   snakemake --cores all --configfile config/paper.yaml     the paper edition
#   snakemake --cores all kalwarowskyj_schikuta              one paper alone
#   snakemake --cores all strategies                         the comparison of strategies alone
#   snakemake --cores all publish                            the site for a web host: a folder and a zip
#   snakemake --cores all bundle                             all that the site is made of, to publish it elsewhere
#   snakemake --report appendix.zip                          the technical appendix, after a run
#   snakemake --cores all prepared                           the datasets alone
#   snakemake --cores all --config mirror=/my/folder         archives from a folder or another address
#
# Stages, in order: fetch and prepare (data), compile → train → time → calibrate, fit and predict (model) → examine (property)
# → tabulate (tables) → publish (site), also for web hosts (publish). What happens around the jobs of a run: run.smk.

from snakemake.utils import min_version

min_version("9.14")


report: "workflow/captions/workflow.rst"


include: "workflow/rules/common.smk"
include: "workflow/rules/data.smk"
include: "workflow/rules/compile.smk"
include: "workflow/rules/train.smk"
include: "workflow/rules/time.smk"
include: "workflow/rules/model.smk"
include: "workflow/rules/property.smk"
include: "workflow/rules/tables.smk"
include: "workflow/rules/site.smk"
include: "workflow/rules/publish.smk"
include: "workflow/rules/run.smk"


# A target names all files that it needs: Snakemake makes a missing file again only if it is a target, or if a file that
# depends on it is made for another reason. Functions name them, so that they are listed for the targets of a run alone.


rule all:
    default_target: True
    input:
        COMPLETE,
        get_report,
    message:
        "This edition is complete"


rule bundle:
    input:
        BUNDLE,
        COMPLETE,
        get_report,


rule publish:
    input:
        PUT_UP,
        BUNDLE,
        COMPLETE,
        get_report,


for study in STUDIES:

    rule:
        name:
            study
        input:
            get_study_files(study),
        log:
            f"logs/{EDITION}/{study}.log",
        localrule: True
        params:
            study=study,
            edition=verbatim(EDITION_JSON),
        message:
            f"Checking the results of {study}"
        shell:
            "exec python -m workflow made {params.study} --edition {params.edition:q} 2> {log:q}"
