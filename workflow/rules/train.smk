# train → run records. A job trains on one core, so that as many jobs run at once as the machine has cores; only a
# variant whose workers race has a thread for each of them.

RUN_RECORD = (
    "results/{edition}/runs/{paper}/{experiment}/{variant}/w{workers}/seed{seed}.json"
)


rule train_network:
    input:
        get_job_dataset(RUN_RECORD),
    output:
        record=RUN_RECORD,
    log:
        "logs/{edition}/train/{paper}/{experiment}/{variant}/w{workers}/seed{seed}.log",
    threads: get_threads(RUN_RECORD)
    params:
        spec=get_spec(RUN_RECORD),
        code=get_code("pnncore.run", RUN_RECORD),
        data=subpath(input[0], parent=True),
    message:
        "Training {wildcards.experiment} {wildcards.variant}, {wildcards.workers} workers, seed {wildcards.seed}"
    shell:
        "python -m pnncore train --spec {params.spec:q} --data {params.data:q}"
        " --output {output.record:q} 2> {log:q}"
