# Tables, and images to look at → provenance → the site.

GALLERY = "results/{edition}/gallery/{dataset}.json"
GALLERIES = there(expand(GALLERY, edition=EDITION, dataset=SHOWN_DATASETS))

# What the pages are made with besides code.
LOOKS = sources.find(Path("reports"), sources.LOOKS)
# What is in them counts, and not when they were written: a file that is put back is older than the page.
LOOKS_PRINT = fingerprint("".join(path.read_text(encoding="utf-8") for path in LOOKS))


rule pick_gallery:
    input:
        lambda wildcards: get_dataset(wildcards.dataset),
    output:
        record=GALLERY,
    log:
        "logs/{edition}/gallery/{dataset}.log",
    localrule: True
    params:
        # What the classes are called, from 0 on, where their numbers do not say it.
        names=lambda wildcards: MANIFEST[wildcards.dataset].get("labels", []),
        data=subpath(input[0], parent=True),
        code=digest("pnncore.gallery"),
    shell:
        "python -m pnncore gallery --data {params.data:q} --names {params.names:q}"
        " --output {output.record:q} 2> {log:q}"


rule record_provenance:
    input:
        papers=expand("results/{{edition}}/config/{paper}.json", paper=STUDIES),
        datasets=get_facts(DATASETS),
        runs=[job.record for jobs in RUNS.values() for job in jobs],
        timings=[job.record for jobs in TIMINGS.values() for job in jobs],
        calibrations=there(ALL_CALIBRATIONS),
        properties=there(ALL_PROPERTIES),
    output:
        report(
            "results/{edition}/provenance.json",
            caption="../captions/provenance.rst",
            category="Provenance",
            labels={"what": "configuration, data, machines, software and jobs"},
        ),
    log:
        "logs/{edition}/publish/provenance.log",
    localrule: True
    params:
        edition=verbatim(EDITION_JSON),
        manifest=verbatim(
            json.dumps(
                {
                    name: {
                        key: entry[key]
                        for key in ("title", "citation", "licence", "homepage")
                    }
                    for name, entry in MANIFEST.items()
                },
                sort_keys=True,
            )
        ),
        machines=verbatim(json.dumps(MACHINES, sort_keys=True)),
        measurable=list(MEASURABLE),
        stages=json.dumps(STAGES),
        # Too much for a command, if much is missing: the run writes it to a file when it starts.
        missing=fingerprint(json.dumps(MISSING, sort_keys=True)),
        code=digest("reports.provenance"),
    shell:
        "python -m reports provenance --edition-config {params.edition:q} --papers {input.papers:q}"
        " --manifest {params.manifest:q} --machines {params.machines:q} --measurable {params.measurable:q}"
        " --stages {params.stages:q} --missing results/{wildcards.edition}/missing.json"
        " --datasets {input.datasets:q} --runs {input.runs:q} --timings {input.timings:q}"
        " --calibrations {input.calibrations:q} --properties {input.properties:q} --output {output:q} 2> {log:q}"


rule publish_site:
    input:
        provenance="results/{edition}/provenance.json",
        papers=expand("results/{{edition}}/config/{paper}.json", paper=PAPERS),
        comparisons=expand("results/{{edition}}/config/{paper}.json", paper=COMPARISONS),
        tables=expand(
            "results/{{edition}}/tables/{paper}/{table}.csv",
            paper=STUDIES,
            table=TABLES,
        ),
        galleries=GALLERIES,
        looks=ancient(LOOKS),
    output:
        # The page stays until another takes its place: Snakemake would delete it first.
        update("results/{edition}/site/index.html"),
    log:
        "logs/{edition}/publish/site.log",
    localrule: True
    params:
        tables=lambda wildcards, input: Path(input.tables[0]).parents[1],
        site=subpath(output[0], parent=True),
        looks=LOOKS_PRINT,
        code=digest("reports.pages"),
    message:
        "Publishing the {wildcards.edition} edition"
    shell:
        "python -m reports publish --provenance {input.provenance:q} --papers {input.papers:q}"
        " --comparisons {input.comparisons:q} --tables {params.tables:q} --galleries {input.galleries:q} --output {params.site:q} 2> {log:q}"
