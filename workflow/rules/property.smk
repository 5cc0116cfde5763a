# examine → property records: facts about functions, gradients and files, which need no run.

PROPERTY = "results/{edition}/properties/{property}-{digest}.json"


rule examine_property:
    input:
        get_dataset(PROPERTY),
        # Else one that trains would compile the loops beside those who do it for all.
        ancient(COMPILED),
    output:
        PROPERTY,
    log:
        "logs/{edition}/properties/{property}-{digest}.log",
    retries: 1
    # Those that measure times have the machine to themselves.
    threads: lambda wildcards: workflow.cores if PROPERTIES.named(wildcards.property).alone else 1
    params:
        spec=get_spec(PROPERTY),
        data=subpath(input[0], parent=True),
    message:
        "Examining {wildcards.property}"
    shell:
        "exec python -m pnncore examine --keep-going --spec {params.spec:q} --data {params.data:q}"
        " --output {output:q} 2> {log:q}"
