# time → collections of repeats. A repeat of a variant, with all its numbers of workers, is one process that runs alone
# on the machine: it takes all cores that Snakemake may use.

TIMINGS = "results/{edition}/timings/{paper}/{experiment}/{variant}/repeat{repeat}-{digest}.json"


# One rule per repeat, because a rule has one priority: all first repeats run before any second one, so that a temporary
# disturbance affects one repeat of many timings and not all repeats of one.
for repeat in sorted(
    {number for study in PLAN.studies.values() for number in study.repeats}
):
    pattern = TIMINGS.replace("{repeat}", str(repeat))

    rule:
        name:
            f"time_repeat_{repeat}"
        input:
            get_dataset(pattern),
        output:
            pattern,
        log:
            f"logs/{{edition}}/timings/{{paper}}/{{experiment}}/{{variant}}/repeat{repeat}-{{digest}}.log",
        priority: 1001 - repeat
        retries: 1
        threads: workflow.cores
        params:
            spec=get_spec(pattern),
            data=subpath(input[0], parent=True),
        message:
            f"Timing {{wildcards.experiment}} {{wildcards.variant}}, repeat {repeat}, alone on the machine"
        shell:
            "exec python -m pnncore time --keep-going --spec {params.spec:q} --data {params.data:q}"
            " --output {output:q} 2> {log:q}"
