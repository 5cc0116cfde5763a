# time → timing records. A timing has the machine to itself: it takes all cores that Snakemake may use.

TIMING_RECORD = "results/{edition}/timings/{paper}/{experiment}/{variant}/w{workers}/{hardware}.json"


rule time_training:
    input:
        get_job_dataset(TIMING_RECORD),
    output:
        record=TIMING_RECORD,
    log:
        "logs/{edition}/time/{paper}/{experiment}/{variant}/w{workers}/{hardware}.log",
    threads: workflow.cores
    params:
        spec=get_spec(TIMING_RECORD),
        code=get_code("pnncore.timing", TIMING_RECORD),
        data=subpath(input[0], parent=True),
        # A timing holds for the machine it was made on: elsewhere it is made again.
        host=host_fingerprint(),
    message:
        "Timing {wildcards.experiment} {wildcards.variant}, {wildcards.workers} workers, alone on the machine"
    shell:
        '"$PYTHON" -m pnncore time --spec {params.spec:q} --data {params.data:q}'
        " --output {output.record:q} 2> {log:q}"
