# fetch → resources/datasets/{dataset}/archives/{file} ; prepare → arrays that workers memory-map.


rule fetch_archive:
    output:
        "resources/datasets/{dataset}/archives/{file}",
    log:
        "logs/fetch/{dataset}/{file}.log",
    localrule: True
    params:
        # What must be in the file reruns the job when it changes. Where to get it must not: asking for the output, too,
        # keeps Snakemake from tracking the rest of the manifest's entry.
        content=lambda wildcards: json.dumps(get_archive(wildcards), sort_keys=True),
        spec=lambda wildcards, output: json.dumps(MANIFEST[wildcards.dataset]),
        part=lambda wildcards: ARCHIVES[wildcards.dataset][wildcards.file],
    message:
        "Fetching {wildcards.file} of {wildcards.dataset}"
    shell:
        "python -m pnncore fetch --spec {params.spec:q} --dataset {wildcards.dataset} --file {params.part}"
        ' --mirror="$MIRROR" --output {output:q} --log {log:q}'


rule prepare_dataset:
    input:
        lambda wildcards: expand(
            "resources/datasets/{{dataset}}/archives/{file}",
            file=ARCHIVES[wildcards.dataset],
        ),
    output:
        expand("resources/datasets/{{dataset}}/{file}", file=PREPARED),
    log:
        "logs/prepare/{dataset}.log",
    localrule: True
    params:
        # No digest of code: whatever the code, the arrays have the manifest's checksums or there are none.
        spec=lambda wildcards: json.dumps(get_content(wildcards), sort_keys=True),
        version=PREPARED_VERSION,
        folder="resources/datasets/{dataset}",
    message:
        "Preparing {wildcards.dataset}"
    shell:
        "python -m pnncore prepare --spec {params.spec:q} --dataset {wildcards.dataset}"
        " --archives {params.folder}/archives --output {params.folder} 2> {log:q}"
