# time → collections of repeats, one for each variant and repeat, of all its numbers of workers. A repeat of all timings of
# a study is one process that runs alone on the machine: it takes all cores that Snakemake may use.

# All first repeats run before any second one, so that a temporary disturbance affects one repeat of many timings and not
# all repeats of one. Whatever shares the machine goes before.
for pack in PLAN.packs("time"):

    rule:
        name:
            pack.name
        input:
            pack.dataset,
            ancient(COMPILED),
        output:
            pack.paths,
        log:
            f"logs/{EDITION}/time/{pack.name}.log",
        priority: -pack.batches[0].spec.repeat
        retries: 1
        threads: workflow.cores
        params:
            spec=get_specs(pack),
            data=subpath(input[0], parent=True),
        message:
            f"Timing {pack.name}, alone on the machine"
        shell:
            "exec python -m pnncore time --keep-going --spec {params.spec:q} --data {params.data:q}"
            " --output {output:q} 2> {log:q}"
