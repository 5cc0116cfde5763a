# calibrate → fit → predict: modelled timings on other machines.

HOST_CALIBRATION = "results/{edition}/calibrations/host/repeat{repeat}-{digest}.json"
MODEL = "results/{edition}/models/{paper}-{digest}.json"
PREDICTIONS = "results/{edition}/predictions/{paper}-{digest}.json"


# Calibrations are compared with timings: both are repeated, and their repeats interleaved, as time.smk says.
for repeat in CALIBRATIONS:
    pattern = HOST_CALIBRATION.replace("{repeat}", str(repeat))

    rule:
        name:
            f"calibrate_host_{repeat}"
        output:
            pattern,
        log:
            f"logs/{{edition}}/calibrate/host-repeat{repeat}-{{digest}}.log",
        priority: -repeat
        retries: 1
        threads: workflow.cores
        params:
            spec=get_spec(pattern),
        message:
            f"Calibrating this machine, repeat {repeat}, alone on it"
        shell:
            "exec python -m pnncore calibrate-host --keep-going --spec {params.spec:q} --output {output:q} 2> {log:q}"


for pack in PLAN.packs("calibrate"):

    rule:
        name:
            pack.name
        input:
            pack.dataset,
            ancient(COMPILED),
        output:
            pack.paths,
        log:
            f"logs/{EDITION}/calibrate/{pack.name}.log",
        priority: -pack.batches[0].spec.repeat
        retries: 1
        threads: workflow.cores
        params:
            spec=get_specs(pack),
            data=subpath(input[0], parent=True),
        message:
            f"Calibrating {pack.name}, alone on the machine"
        shell:
            "exec python -m pnncore calibrate --keep-going --spec {params.spec:q} --data {params.data:q}"
            " --output {output:q} 2> {log:q}"


rule fit_model:
    input:
        get_files("calibrations"),
        [batch.path for batch in PLAN.host],
    output:
        MODEL,
    log:
        "logs/{edition}/models/{paper}-{digest}.log",
    localrule: True
    params:
        spec=get_spec(MODEL),
    message:
        "Fitting the model of {wildcards.paper} to what it prints"
    shell:
        "exec python -m pnncore fit --keep-going --spec {params.spec:q} --output {output:q} 2> {log:q}"


rule predict_timings:
    input:
        get_files("calibrations"),
        get_files("models"),
        [batch.path for batch in PLAN.host],
    output:
        PREDICTIONS,
    log:
        "logs/{edition}/predictions/{paper}-{digest}.log",
    localrule: True
    params:
        spec=get_spec(PREDICTIONS),
    message:
        "Modelling the timings of {wildcards.paper} on other machines"
    shell:
        "exec python -m pnncore predict --keep-going --spec {params.spec:q} --output {output:q} 2> {log:q}"
