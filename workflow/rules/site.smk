# Tables and galleries → provenance → site, and a check that no result is missing.

GALLERY = "results/{edition}/gallery/{dataset}-{digest}.json"
GALLERIES = [batch.path for batch in PLAN.galleries.values()]
PROVENANCE = f"results/{EDITION}/provenance.json"
COST = f"results/{EDITION}/tables/cost.csv"
SITE = f"results/{EDITION}/site"
# Snakemake deletes the outputs of a failed job. The site is therefore not an output: the old one stays until a new one
# replaces it. This file, written with the site, stands for it.
PUBLISHED = f"{SITE}/.published"
COMPLETE = f"results/{EDITION}/complete.txt"

# What bundles are made of; sites have the figures, too, which are drawn anew for a bundle's site.
BUNDLED_FILES = {
    "tables": expand(
        f"results/{EDITION}/tables/{{paper}}/{{table}}.csv",
        paper=STUDIES,
        table=TABLES,
    ),
    "provenance": PROVENANCE,
    "papers": list_documents("judged", PAPERS),
    "comparisons": list_documents("judged", COMPARISONS),
    "galleries": GALLERIES,
}
FIGURES = expand(f"results/{EDITION}/figures/{{paper}}", paper=STUDIES)
CREDITS = {
    name: {
        key: getattr(entry, key) for key in ("title", "citation", "licence", "homepage")
    }
    for name, entry in MANIFEST.items()
}


rule pick_gallery:
    input:
        get_dataset(GALLERY),
    output:
        GALLERY,
    log:
        "logs/{edition}/gallery/{dataset}-{digest}.log",
    localrule: True
    params:
        spec=get_spec(GALLERY),
        data=subpath(input[0], parent=True),
    shell:
        "exec python -m pnncore gallery --keep-going --spec {params.spec:q} --data {params.data:q}"
        " --output {output:q} 2> {log:q}"


rule record_provenance:
    input:
        BATCHES,
        expand("resources/datasets/{dataset}/dataset.json", dataset=PLAN.datasets),
        papers=list_documents("judged"),
        records=list_documents("records"),
        absent=list_absent(),
        costs=[
            *(path for study in STUDIES for path in list_costs(study)),
            *expand(f"results/{EDITION}/costs/tabulate-{{table}}.tsv", table=TABLES),
        ],
    output:
        provenance=show(
            PROVENANCE,
            "provenance",
            what="configuration, data, machines, software, jobs and costs",
        ),
        cost=COST,
    log:
        f"logs/{EDITION}/publish/provenance.log",
    localrule: True
    params:
        edition=verbatim(EDITION_JSON),
        manifest=verbatim(as_json(CREDITS)),
        machines=verbatim(as_json(MACHINES)),
        stages=as_json(STAGES),
        code=get_code("provenance"),
    shell:
        "exec python -m reports provenance --edition-config {params.edition:q} --papers {input.papers:q}"
        " --manifest {params.manifest:q} --machines {params.machines:q} --stages {params.stages:q}"
        " --records {input.records:q} --absent {input.absent:q} --benchmarks {input.costs:q}"
        " --output {output.provenance:q} --cost-table {output.cost:q} 2> {log:q}"


rule publish_site:
    input:
        **BUNDLED_FILES,
        figures=FIGURES,
    output:
        PUBLISHED,
    log:
        f"logs/{EDITION}/publish/site.log",
    localrule: True
    params:
        tables=subpath(input[0], ancestor=2),
        figures=lambda wildcards, input: Path(input.figures[0]).parent,
        site=subpath(output[0], parent=True),
        code=get_code("publish"),
    message:
        f"Publishing the {EDITION} edition"
    shell:
        "exec python -m reports publish --provenance {input.provenance:q} --papers {input.papers:q}"
        " --comparisons {input.comparisons:q} --tables {params.tables:q} --figures {params.figures:q}"
        " --galleries {input.galleries:q} --output {params.site:q} --stamp {output:q} 2> {log:q}"


# Missing results fail no job, so that the report is made without them. They fail the run here, at its end.
rule check_complete:
    input:
        PUBLISHED,
        provenance=PROVENANCE,
    output:
        COMPLETE,
    log:
        f"logs/{EDITION}/complete.log",
    localrule: True
    params:
        edition=lambda wildcards, output: EDITION_JSON,
    message:
        "Checking for missing results"
    shell:
        "exec python -m workflow complete --edition {params.edition:q} --provenance {input.provenance:q}"
        " --output {output:q} 2> {log:q}"
