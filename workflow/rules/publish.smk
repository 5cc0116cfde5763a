# Tables and figures → a bundle → the site for a web host, which is made of the bundle and of nothing else.

BUNDLE = "results/{edition}/bundle.zip"
WEB = "results/{edition}/web"


rule pack_bundle:
    input:
        provenance="results/{edition}/provenance.json",
        papers=expand("results/{{edition}}/config/{paper}.json", paper=PAPERS),
        comparisons=expand("results/{{edition}}/config/{paper}.json", paper=COMPARISONS),
        tables=expand(
            "results/{{edition}}/tables/{paper}/{table}.csv",
            paper=STUDIES,
            table=TABLES,
        ),
        figures=expand("results/{{edition}}/figures/{paper}", paper=STUDIES),
        galleries=GALLERIES,
    output:
        update(BUNDLE),
    log:
        "logs/{edition}/publish/bundle.log",
    localrule: True
    params:
        tables=lambda wildcards, input: Path(input.tables[0]).parents[1],
        figures=lambda wildcards, input: Path(input.figures[0]).parent,
        code=digest("reports.bundle"),
    message:
        "Packing the {wildcards.edition} edition's bundle"
    shell:
        "python -m reports bundle --provenance {input.provenance:q} --papers {input.papers:q}"
        " --comparisons {input.comparisons:q}"
        " --tables {params.tables:q} --figures {params.figures:q} --galleries {input.galleries:q}"
        " --output {output:q} 2> {log:q}"


rule publish_web:
    input:
        bundle=BUNDLE,
        looks=ancient(LOOKS),
    output:
        index=update(f"{WEB}/index.html"),
        archive=update(f"{WEB}.zip"),
    log:
        "logs/{edition}/publish/web.log",
    localrule: True
    params:
        site=subpath(output.index, parent=True),
        looks=LOOKS_PRINT,
        code=digest("reports.rebuild"),
    message:
        "Publishing the {wildcards.edition} edition for web hosts"
    shell:
        "python -m reports site {input.bundle:q} --output {params.site:q} > {log:q} 2>&1"
