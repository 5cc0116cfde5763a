# examine → property records: what claims say of functions, gradients and files, and what takes no run.

PROPERTY_RECORD = "results/{edition}/properties/{property}.json"

ALL_PROPERTIES = sorted(
    PROPERTY_RECORD.format(edition=EDITION, property=name)
    for name in {name for study in STUDIES.values() for name in plan.properties(study)}
)

# The dataset that properties are examined with, where they need one: the papers' most common.
PROPERTY_DATASET = SETTINGS["datasets"]["mnist"]


rule examine_property:
    input:
        get_dataset(PROPERTY_DATASET),
    output:
        record=PROPERTY_RECORD,
    log:
        "logs/{edition}/examine/{property}.log",
    # Some of them compare seconds.
    threads: workflow.cores
    params:
        code=lambda wildcards: digest(
            "pnncore.properties.examination", PROPERTY_MODULES[wildcards.property]
        ),
        data=subpath(input[0], parent=True),
    message:
        "Examining {wildcards.property}"
    shell:
        "python -m pnncore examine --property {wildcards.property:q} --data {params.data:q}"
        " --output {output.record:q} 2> {log:q}"
