# train → a collection of a variant's runs: those in the store, and the others, trained one after another in one process.
# A job uses one core; only a variant whose workers race has a thread per worker.

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
