# train → a collection of a variant's runs: those that the store has, and the rest, one after another in one process. A
# job trains on one core, so that as many run at once as the machine has; only a variant whose workers race has a thread
# for each of them.

RUNS = "results/{edition}/runs/{paper}/{experiment}/{variant}/{digest}.json"


rule train_variant:
    input:
        get_dataset(RUNS),
    output:
        RUNS,
    log:
        "logs/{edition}/runs/{paper}/{experiment}/{variant}-{digest}.log",
    retries: 1
    threads: get_threads(RUNS)
    params:
        spec=get_spec(RUNS),
        data=subpath(input[0], parent=True),
    message:
        "Training {wildcards.experiment} {wildcards.variant}"
    shell:
        "exec python -m pnncore train --keep-going --spec {params.spec:q} --data {params.data:q}"
        " --output {output:q} 2> {log:q}"
