# calibrate → fit → predict: modelled timings on other machines.

HOST_CALIBRATION = "results/{edition}/calibrations/host-{digest}.json"
CALIBRATION = (
    "results/{edition}/calibrations/{paper}/{experiment}/{variant}-{digest}.json"
)
MODEL = "results/{edition}/models/{paper}-{digest}.json"
PREDICTIONS = "results/{edition}/predictions/{paper}-{digest}.json"


rule calibrate_host:
    output:
        HOST_CALIBRATION,
    log:
        "logs/{edition}/calibrations/host-{digest}.log",
    # Calibrations are compared with timings, so both run early, while the machine is in the same state.
    priority: 1001
    retries: 1
    threads: workflow.cores
    message:
        "Calibrating this machine, alone on it"
    shell:
        "exec python -m pnncore calibrate-host --keep-going --output {output:q} 2> {log:q}"


rule calibrate_variant:
    input:
        get_dataset(CALIBRATION),
        host=PLAN.host.path,
    output:
        CALIBRATION,
    log:
        "logs/{edition}/calibrations/{paper}/{experiment}/{variant}-{digest}.log",
    priority: 1001
    retries: 1
    threads: workflow.cores
    params:
        spec=get_spec(CALIBRATION),
        data=subpath(input[0], parent=True),
    message:
        "Calibrating {wildcards.experiment} {wildcards.variant}, alone on the machine"
    shell:
        "exec python -m pnncore calibrate --keep-going --spec {params.spec:q} --data {params.data:q}"
        " --host {input.host:q} --output {output:q} 2> {log:q}"


rule fit_model:
    input:
        get_files("calibrations"),
        PLAN.host.path,
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
        PLAN.host.path,
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
