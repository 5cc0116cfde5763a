# time → repeats → timing records. A repeat is a process of its own and has the machine to itself: it takes all cores
# that Snakemake may use.

TIMING_RECORD = "results/{edition}/timings/{paper}/{experiment}/{variant}/w{workers}/{hardware}.json"


# A rule for each, since priorities are the rules': all first repeats are made before any second one, so that whatever
# disturbs the machine for a while disturbs one repeat of many timings and not all repeats of one.
for repeat in range(1, 1 + max(map(len, REPEATS.values()), default=0)):

    rule:
        name:
            f"time_repeat_{repeat}"
        input:
            get_job_dataset(TIMING_RECORD),
        output:
            record=f"{TIMING_RECORD.removesuffix('.json')}/repeat{repeat}.json",
        log:
            f"logs/{{edition}}/time/{{paper}}/{{experiment}}/{{variant}}/w{{workers}}/{{hardware}}/repeat{repeat}.log",
        priority: 1001 - repeat
        threads: workflow.cores
        params:
            # More repeats rerun none.
            spec=get_spec(TIMING_RECORD, without=["repeats"]),
            code=get_code("pnncore.timing", TIMING_RECORD),
            data=subpath(input[0], parent=True),
            host=HOST_PARAM,
        message:
            f"Timing {{wildcards.experiment}} {{wildcards.variant}}, {{wildcards.workers}} workers, repeat {repeat}, alone on the machine"
        shell:
            "python -m pnncore time --spec {params.spec:q} --data {params.data:q}"
            " --output {output.record:q} 2> {log:q}"


rule assemble_timing:
    input:
        repeats=lambda wildcards: REPEATS[TIMING_RECORD.format(**wildcards)],
    output:
        record=TIMING_RECORD,
    log:
        "logs/{edition}/time/{paper}/{experiment}/{variant}/w{workers}/{hardware}.log",
    localrule: True
    params:
        spec=get_spec(TIMING_RECORD),
        code=digest("pnncore.repeats"),
    shell:
        "python -m pnncore assemble --spec {params.spec:q} --repeats {input.repeats:q}"
        " --output {output.record:q} 2> {log:q}"
