# calibrate → fit → predict: modelled timings on other machines.

HOST_CALIBRATION = "results/{edition}/calibrations/host/repeat{repeat}-{digest}.json"
CALIBRATION = "results/{edition}/calibrations/{paper}/{experiment}/{variant}/repeat{repeat}-{digest}.json"
MODEL = "results/{edition}/models/{paper}-{digest}.json"
PREDICTIONS = "results/{edition}/predictions/{paper}-{digest}.json"


# Calibrations are compared with timings: both are repeated, and their repeats interleaved, as time.smk says.
for repeat in CALIBRATIONS:
    of_host = HOST_CALIBRATION.replace("{repeat}", str(repeat))
    of_variant = CALIBRATION.replace("{repeat}", str(repeat))

    rule:
        name:
            f"calibrate_host_{repeat}"
        output:
            of_host,
        log:
            f"logs/{{edition}}/calibrations/host/repeat{repeat}-{{digest}}.log",
        priority: 1001 - repeat
        retries: 1
        threads: workflow.cores
        params:
            spec=get_spec(of_host),
        message:
            f"Calibrating this machine, repeat {repeat}, alone on it"
        shell:
            "exec python -m pnncore calibrate-host --keep-going --spec {params.spec:q} --output {output:q} 2> {log:q}"

    rule:
        name:
            f"calibrate_variant_{repeat}"
        input:
            get_dataset(of_variant),
        output:
            of_variant,
        log:
            f"logs/{{edition}}/calibrations/{{paper}}/{{experiment}}/{{variant}}/repeat{repeat}-{{digest}}.log",
        priority: 1001 - repeat
        retries: 1
        threads: workflow.cores
        params:
            spec=get_spec(of_variant),
            data=subpath(input[0], parent=True),
        message:
            f"Calibrating {{wildcards.experiment}} {{wildcards.variant}}, repeat {repeat}, alone on the machine"
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
