# fetch, prepare → arrays that workers memory-map, described by resources/datasets/{dataset}/dataset.json, which contains
# the reason if preparation failed.


rule prepare_dataset:
    output:
        "resources/datasets/{dataset}/dataset.json",
    log:
        "logs/prepare/{dataset}.log",
    localrule: True
    params:
        # A change of the expected content reruns the job. A change of words or mirrors must not: Snakemake does not
        # track a param whose function takes the output, too.
        content=lambda wildcards: as_json(essence(PLAN.datasets[wildcards.dataset])),
        version=DatasetRecord.current(),
        spec=lambda wildcards, output: as_json(MANIFEST[wildcards.dataset]),
        folder=subpath(output[0], parent=True),
    message:
        "Preparing {wildcards.dataset}"
    shell:
        "exec python -m pnncore prepare --keep-going --spec {params.spec:q} --dataset {wildcards.dataset}"
        ' --mirror="$PNN_MIRROR" --output {params.folder:q} 2> {log:q}'


# What papers' authors measured: their files, verified, and a table of all passes in them. If no mirror has them, the
# table has no lines, the summary in the configuration stands for them, and the second output says so, which is else
# empty. If a file is wrong, the table has no lines, and the run fails at its end.
rule gather_authors:
    output:
        passes="resources/authors/{paper}.csv",
        absent="resources/authors/{paper}.absent.txt",
    log:
        "logs/gather/{paper}.log",
    localrule: True
    params:
        content=lambda wildcards: as_json(essence(AUTHORS[wildcards.paper])),
        spec=lambda wildcards, output: as_json(AUTHORS[wildcards.paper]),
    message:
        "Gathering what the authors of {wildcards.paper} measured"
    shell:
        "exec python -m pnncore gather --keep-going --spec {params.spec:q} --paper {wildcards.paper}"
        ' --mirror="$PNN_MIRROR" --output {output.passes:q} --absent {output.absent:q} 2> {log:q}'


# A dataset that could not be prepared fails no job, so that what needs it says so. It fails this target.
rule prepared:
    input:
        expand("resources/datasets/{dataset}/dataset.json", dataset=PLAN.datasets),
    log:
        f"logs/{EDITION}/prepared.log",
    localrule: True
    params:
        edition=verbatim(EDITION_JSON),
    message:
        "Checking the datasets"
    shell:
        "exec python -m workflow made prepared --edition {params.edition:q} 2> {log:q}"
