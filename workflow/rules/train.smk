# train → collections of runs, one for each variant: those in the store, and the others, trained one after another. Small
# variants of an experiment share a process. It uses one core; only where workers race, there is a thread per worker.

for pack in PLAN.packs("train"):

    rule:
        name:
            pack.name
        input:
            pack.dataset,
            ancient(COMPILED),
        output:
            pack.paths,
        log:
            f"logs/{EDITION}/train/{pack.name}.log",
        retries: 1
        threads: pack.threads
        params:
            spec=get_specs(pack),
            data=subpath(input[0], parent=True),
        message:
            f"Training {pack.name}"
        shell:
            "exec python -m pnncore train --keep-going --spec {params.spec:q} --data {params.data:q}"
            " --output {output:q} 2> {log:q}"
