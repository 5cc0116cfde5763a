# fetch, prepare → arrays that workers memory-map, and a description of them: resources/datasets/{dataset}/dataset.json,
# which says why there are none where they could not be had.


rule prepare_dataset:
    output:
        "resources/datasets/{dataset}/dataset.json",
    log:
        "logs/prepare/{dataset}.log",
    localrule: True
    params:
        # What must come out reruns the job when it changes. What the dataset is called and where it is must not: asking
        # for the output, too, keeps Snakemake from tracking them.
        content=lambda wildcards: as_json(essence(PLAN.datasets[wildcards.dataset])),
        version=PREPARED_VERSION,
        spec=lambda wildcards, output: as_json(MANIFEST[wildcards.dataset]),
        folder=subpath(output[0], parent=True),
    message:
        "Preparing {wildcards.dataset}"
    shell:
        "exec python -m pnncore prepare --keep-going --spec {params.spec:q} --dataset {wildcards.dataset}"
        ' --mirror="$PNN_MIRROR" --output {params.folder:q} 2> {log:q}'


rule prepared:
    input:
        expand("resources/datasets/{dataset}/dataset.json", dataset=PLAN.datasets),
