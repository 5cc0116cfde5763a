# Records → tidy tables, one set a paper or comparison, and joined.

EXHIBITS_CONFIG = "results/{edition}/config/{paper}-exhibits.json"


rule resolve_paper:
    input:
        # What they come to counts, and not how they are written: it is among the params.
        paper=lambda wildcards: ancient(str(STUDY_FILES[wildcards.paper])),
        manifest=ancient(MANIFEST_FILE),
    output:
        report(
            "results/{edition}/config/{paper}.json",
            caption="../captions/configuration.rst",
            category="Provenance",
            subcategory=get_name,
            labels={"what": "configuration"},
        ),
    log:
        "logs/{edition}/resolve/{paper}.log",
    localrule: True
    params:
        content=lambda wildcards: digest_study(STUDIES[wildcards.paper]),
        # Asking for the output, too, keeps Snakemake from tracking more of the edition than the paper has of it.
        edition=lambda wildcards, output: EDITION_JSON,
        flags="",
    shell:
        "python -m workflow {input.paper:q} --edition {params.edition:q} --datasets {input.manifest:q}"
        " {params.flags} --expect {params.content:q} --output {output:q} 2> {log:q}"


# The same without claims and findings: what only draws does not depend on what is only judged.
use rule resolve_paper as resolve_exhibits with:
    output:
        EXHIBITS_CONFIG,
    log:
        "logs/{edition}/resolve/{paper}-exhibits.log",
    params:
        content=lambda wildcards: digest_study(unjudged(STUDIES[wildcards.paper])),
        edition=lambda wildcards, output: EDITION_JSON,
        flags="--unjudged",


rule tabulate_epochs:
    input:
        records=get_records(RUNS),
    output:
        "results/{edition}/tables/{paper}/epochs.csv",
    log:
        "logs/{edition}/tabulate/{paper}-epochs.log",
    localrule: True
    params:
        order=lambda wildcards: get_order(RUNS[wildcards.paper]),
        code=digest("reports.tables"),
    shell:
        "python -m reports tabulate epochs --edition {wildcards.edition} --records {input.records:q}"
        " --output {output:q} 2> {log:q}"


rule tabulate_timings:
    input:
        measured=get_records(TIMINGS),
        modelled=lambda wildcards: PREDICTIONS[wildcards.paper],
        profiles=get_records(CALIBRATIONS),
    output:
        "results/{edition}/tables/{paper}/timings.csv",
    log:
        "logs/{edition}/tabulate/{paper}-timings.log",
    localrule: True
    params:
        order=lambda wildcards: get_order(TIMINGS[wildcards.paper]),
        code=digest("reports.tables"),
    shell:
        "python -m reports tabulate timings --edition {wildcards.edition}"
        " --records {input.measured:q} {input.modelled:q} {input.profiles:q} --output {output:q} 2> {log:q}"


rule tabulate_models:
    input:
        paper=EXHIBITS_CONFIG,
        timings="results/{edition}/tables/{paper}/timings.csv",
        predictions=lambda wildcards: PREDICTIONS[wildcards.paper],
        models=lambda wildcards: MODELS[wildcards.paper],
    output:
        [
            report(
                f"results/{{edition}}/tables/{{paper}}/{table}.csv",
                caption=f"../captions/{table}.rst",
                category="Models",
                subcategory=get_name,
                labels={"table": table},
            )
            for table in ("model_error", "scaling", "parameters")
        ],
    log:
        "logs/{edition}/tabulate/{paper}-models.log",
    localrule: True
    params:
        folder=subpath(output[0], parent=True),
        code=[digest("reports.model_error"), digest("reports.scaling")],
    shell:
        "python -m reports models --paper {input.paper:q} --timings {input.timings:q}"
        " --predictions {input.predictions:q} --models {input.models:q} --output {params.folder:q} 2> {log:q}"


rule draw_exhibits:
    input:
        paper=EXHIBITS_CONFIG,
        epochs="results/{edition}/tables/{paper}/epochs.csv",
        timings="results/{edition}/tables/{paper}/timings.csv",
        properties=get_properties(unjudged),
    output:
        "results/{edition}/tables/{paper}/exhibits.csv",
    log:
        "logs/{edition}/tabulate/{paper}-exhibits.log",
    localrule: True
    params:
        machines=verbatim(
            json.dumps(
                {name: profile["title"] for name, profile in MACHINES.items()},
                sort_keys=True,
            )
        ),
        code=digest("reports.exhibits"),
    shell:
        "python -m reports exhibits --paper {input.paper:q} --epochs {input.epochs:q}"
        " --timings {input.timings:q} --machines {params.machines:q} --properties {input.properties:q}"
        " --output {output:q} 2> {log:q}"


rule draw_figures:
    input:
        paper=EXHIBITS_CONFIG,
        exhibits="results/{edition}/tables/{paper}/exhibits.csv",
    output:
        report(
            directory("results/{edition}/figures/{paper}"),
            patterns=["{exhibit}-{panel}.svg"],
            caption="../captions/figure.rst",
            category="Figures",
            subcategory=get_name,
            labels=get_figure_labels,
        ),
    log:
        "logs/{edition}/tabulate/{paper}-figures.log",
    localrule: True
    params:
        code=digest("reports.chart_files"),
    shell:
        "python -m reports charts --paper {input.paper:q} --exhibits {input.exhibits:q}"
        " --output {output:q} 2> {log:q}"


rule judge_claims:
    input:
        paper="results/{edition}/config/{paper}.json",
        epochs="results/{edition}/tables/{paper}/epochs.csv",
        timings="results/{edition}/tables/{paper}/timings.csv",
        model_error="results/{edition}/tables/{paper}/model_error.csv",
        datasets=lambda wildcards: get_facts(plan.datasets(STUDIES[wildcards.paper])),
        properties=get_properties(),
    output:
        [
            report(
                f"results/{{edition}}/tables/{{paper}}/{table}.csv",
                caption=f"../captions/{table}.rst",
                category="Verdicts",
                subcategory=get_name,
                labels={"table": table},
            )
            for table in ("claims", "findings")
        ],
    log:
        "logs/{edition}/tabulate/{paper}-claims.log",
    localrule: True
    params:
        folder=subpath(output[0], parent=True),
        code=digest("reports.findings"),
    shell:
        "python -m reports judge --paper {input.paper:q} --epochs {input.epochs:q}"
        " --timings {input.timings:q} --model-error {input.model_error:q} --datasets {input.datasets:q}"
        " --properties {input.properties:q} --output {params.folder:q} 2> {log:q}"


rule join_tables:
    input:
        expand("results/{{edition}}/tables/{paper}/{{table}}.csv", paper=STUDIES),
    output:
        "results/{edition}/tables/{table}.csv",
    log:
        "logs/{edition}/tabulate/{table}.log",
    wildcard_constraints:
        table="|".join(TABLES),
    localrule: True
    params:
        order=" ".join(STUDIES),
        code=digest("reports.tables"),
    shell:
        "python -m reports join {input:q} --output {output:q} 2> {log:q}"
