# Five papers on training neural networks in parallel, rerun.
#
#   snakemake --cores all                                    the sample edition
#   snakemake --cores all --configfile config/paper.yaml     the paper edition
#   snakemake --cores all kalwarowskyj_schikuta              one paper alone
#   snakemake --cores all strategies                         the comparison of strategies alone
#   snakemake --cores all --config mirror=/my/folder         archives from a folder or another address
#
# Stages, in order: fetch and prepare (data) → train → time → calibrate, fit and predict (model) → examine (property)
# → tabulate (tables) → publish (site).

from snakemake.utils import min_version

min_version("9.14")


# An edition named on the command line takes the default one's place: the two are not mixed.
if not workflow.overwrite_configfiles:

    configfile: "config/config.yaml"


include: "workflow/rules/common.smk"
include: "workflow/rules/data.smk"
include: "workflow/rules/train.smk"
include: "workflow/rules/time.smk"
include: "workflow/rules/model.smk"
include: "workflow/rules/property.smk"
include: "workflow/rules/tables.smk"
include: "workflow/rules/site.smk"


rule all:
    default_target: True
    input:
        SITE,
        expand("results/{edition}/tables/{table}.csv", edition=EDITION, table=TABLES),
        # The tables point to these as evidence: one that was deleted is made again.
        RECORDS.values(),
        PREDICTIONS.values(),
        MODELS.values(),


for study in STUDIES:

    rule:
        name:
            study
        input:
            expand(
                "results/{edition}/tables/{paper}/{table}.csv",
                edition=EDITION,
                paper=study,
                table=TABLES,
            ),
            RECORDS[study],
            PREDICTIONS[study],
            MODELS[study],


onstart:
    # Snakemake looks for jobs again one second after it has looked, to keep to a limit of jobs a second, and once more
    # whenever a job has ended: after some hundred jobs it does little else. Jobs on this machine need no such limit.
    if workflow.local_exec:
        workflow.scheduler.job_rate_limiter = None


onsuccess:
    if Path(SITE).exists():
        print(f"\nThe report is {Path(SITE).resolve()}\n")
