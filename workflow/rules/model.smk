# calibrate → fit → predict: modelled timings, for machines that nobody here has.

CALIBRATION = "results/{edition}/calibrations/{paper}/{experiment}/{variant}.json"
HOST_CALIBRATION = "results/{edition}/calibrations/host.json"
ALL_CALIBRATIONS = [
    HOST_CALIBRATION.format(edition=EDITION),
    *(job.record for jobs in CALIBRATIONS.values() for job in jobs),
]
PREDICTION = "results/{edition}/timings/{paper}/{experiment}/{variant}/{hardware}.json"


rule calibrate_host:
    output:
        record=HOST_CALIBRATION,
    log:
        "logs/{edition}/calibrate/host.log",
    # Calibrations and timings are compared: the sooner one follows the other, the less has the machine changed.
    priority: 1001
    threads: workflow.cores
    params:
        code=digest("pnncore.calibration"),
        host=HOST_PARAM,
    message:
        "Calibrating this machine, alone on it"
    shell:
        "python -m pnncore calibrate-host --output {output.record:q} 2> {log:q}"


rule calibrate_variant:
    input:
        get_job_dataset(CALIBRATION),
        host=HOST_CALIBRATION,
    output:
        record=CALIBRATION,
    log:
        "logs/{edition}/calibrate/{paper}/{experiment}/{variant}.log",
    priority: 1001
    threads: workflow.cores
    params:
        spec=get_spec(CALIBRATION),
        code=get_code("pnncore.calibration", CALIBRATION),
        data=subpath(input[0], parent=True),
        host=HOST_PARAM,
    message:
        "Calibrating {wildcards.experiment} {wildcards.variant}, alone on the machine"
    shell:
        "python -m pnncore calibrate --spec {params.spec:q} --data {params.data:q}"
        " --host {input.host:q} --output {output.record:q} 2> {log:q}"


rule fit_model:
    input:
        calibration=lambda wildcards: CALIBRATION.format(
            edition=wildcards.edition,
            paper=wildcards.paper,
            experiment=STUDIES[wildcards.paper]["model"]["timing"],
            variant=STUDIES[wildcards.paper]["model"]["variant"],
        ),
        host=HOST_CALIBRATION,
    output:
        record="results/{edition}/models/{paper}.json",
    log:
        "logs/{edition}/fit/{paper}.log",
    localrule: True
    params:
        model=lambda wildcards: json.dumps(
            {**STUDIES[wildcards.paper]["model"], "paper": wildcards.paper},
            sort_keys=True,
        ),
        machines=lambda wildcards: json.dumps(
            {
                name: json.loads(get_machine(name))
                for name, profile in MACHINES.items()
                if profile.get("paper") == wildcards.paper
            },
            sort_keys=True,
        ),
        code=digest("pnncore.fit"),
    message:
        "Fitting the model of {wildcards.paper} to what it prints"
    shell:
        "python -m pnncore fit --model {params.model:q} --machines {params.machines:q}"
        " --calibration {input.calibration:q} --host {input.host:q} --output {output.record:q} 2> {log:q}"


rule predict_timing:
    input:
        calibration=lambda wildcards: get_prediction(PREDICTION, wildcards).calibration,
        host=HOST_CALIBRATION,
        model=lambda wildcards: get_prediction(PREDICTION, wildcards).model or [],
    output:
        record=PREDICTION,
    log:
        "logs/{edition}/predict/{paper}/{experiment}/{variant}/{hardware}.log",
    localrule: True
    params:
        machine=lambda wildcards: get_machine(wildcards.hardware),
        code=digest("pnncore.prediction"),
    shell:
        "python -m pnncore predict --machine {params.machine:q} --calibration {input.calibration:q}"
        " --host {input.host:q} --model {input.model:q} --output {output.record:q} 2> {log:q}"
