# Records → tidy tables, a set for each study, and joined.

CONFIGURATION = "results/{edition}/config/{paper}-{digest}.json"


rule resolve_paper:
    input:
        # The output's name has a digest of their content; comments and formatting do not matter.
        ancient(lambda wildcards: str(STUDY_FILES[wildcards.paper])),
        ancient("config/datasets.yaml"),
    output:
        show(CONFIGURATION, "configuration", get_name, what="configuration"),
    log:
        "logs/{edition}/config/{paper}-{digest}.log",
    benchmark:
        "results/{edition}/costs/{paper}/tabulate-{digest}.tsv"
    localrule: True
    params:
        # Taking the output, too, keeps Snakemake from tracking keys of the edition that the study does not use.
        edition=lambda wildcards, output: EDITION_JSON,
    shell:
        "exec python -m workflow resolve {wildcards.paper} --edition {params.edition:q} --output {output:q} 2> {log:q}"


# The same without claims and findings, on which drawings do not depend.
use rule resolve_paper as resolve_exhibits with:
    output:
        "results/{edition}/config/{paper}-exhibits-{digest}.json",
    log:
        "logs/{edition}/config/{paper}-exhibits-{digest}.log",
    benchmark:
        "results/{edition}/costs/{paper}/tabulate-exhibits-{digest}.tsv"


# The files of a study's records, in the order of the rows.
use rule resolve_paper as list_records with:
    output:
        "results/{edition}/config/{paper}-records-{digest}.json",
    log:
        "logs/{edition}/config/{paper}-records-{digest}.log",
    benchmark:
        "results/{edition}/costs/{paper}/tabulate-records-{digest}.tsv"


rule tabulate_epochs:
    input:
        get_files("runs"),
        records=get_document("records"),
    output:
        "results/{edition}/tables/{paper}/epochs.csv",
    log:
        "logs/{edition}/tabulate/{paper}-epochs.log",
    benchmark:
        "results/{edition}/costs/{paper}/tabulate-epochs.tsv"
    localrule: True
    params:
        code=get_code("tabulate"),
    shell:
        "exec python -m reports tabulate epochs --edition {wildcards.edition} --records {input.records:q}"
        " --output {output:q} 2> {log:q}"


rule tabulate_timings:
    input:
        get_files("timings"),
        get_files("predictions"),
        get_files("calibrations"),
        records=get_document("records"),
    output:
        "results/{edition}/tables/{paper}/timings.csv",
    log:
        "logs/{edition}/tabulate/{paper}-timings.log",
    benchmark:
        "results/{edition}/costs/{paper}/tabulate-timings.tsv"
    localrule: True
    params:
        code=get_code("tabulate"),
    shell:
        "exec python -m reports tabulate timings --edition {wildcards.edition}"
        " --records {input.records:q} --output {output:q} 2> {log:q}"


rule tabulate_authors:
    input:
        passes=lambda wildcards: list_gathered(wildcards.paper),
    output:
        "results/{edition}/tables/{paper}/authors.csv",
    log:
        "logs/{edition}/tabulate/{paper}-authors.log",
    benchmark:
        "results/{edition}/costs/{paper}/tabulate-authors.tsv"
    localrule: True
    params:
        spec=lambda wildcards: as_json(AUTHORS.get(wildcards.paper)),
        code=get_code("authors"),
    shell:
        "exec python -m reports authors --edition {wildcards.edition} --paper {wildcards.paper}"
        " --spec={params.spec:q} --passes {input.passes:q} --output {output:q} 2> {log:q}"


rule tabulate_models:
    input:
        get_files("predictions"),
        get_files("models"),
        paper=get_document("drawn"),
        timings="results/{edition}/tables/{paper}/timings.csv",
        records=get_document("records"),
    output:
        [
            show_table(table, "Models")
            for table in ("model_error", "scaling", "parameters")
        ],
    log:
        "logs/{edition}/tabulate/{paper}-models.log",
    benchmark:
        "results/{edition}/costs/{paper}/tabulate-models.tsv"
    localrule: True
    params:
        folder=subpath(output[0], parent=True),
        code=get_code("models"),
    shell:
        "exec python -m reports models --paper {input.paper:q} --timings {input.timings:q}"
        " --records {input.records:q} --output {params.folder:q} 2> {log:q}"


rule draw_exhibits:
    input:
        get_files("properties"),
        paper=get_document("drawn"),
        epochs="results/{edition}/tables/{paper}/epochs.csv",
        timings="results/{edition}/tables/{paper}/timings.csv",
        authors="results/{edition}/tables/{paper}/authors.csv",
        records=get_document("records"),
    output:
        "results/{edition}/tables/{paper}/exhibits.csv",
    log:
        "logs/{edition}/tabulate/{paper}-exhibits.log",
    benchmark:
        "results/{edition}/costs/{paper}/tabulate-exhibits.tsv"
    localrule: True
    params:
        machines=verbatim(
            as_json({name: profile.title for name, profile in MACHINES.items()})
        ),
        code=get_code("exhibits"),
    shell:
        "exec python -m reports exhibits --paper {input.paper:q} --epochs {input.epochs:q}"
        " --timings {input.timings:q} --authors {input.authors:q} --machines {params.machines:q} --records {input.records:q}"
        " --output {output:q} 2> {log:q}"


rule draw_figures:
    input:
        paper=get_document("drawn"),
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
    benchmark:
        "results/{edition}/costs/{paper}/draw-figures.tsv"
    localrule: True
    params:
        code=get_code("charts"),
    shell:
        "exec python -m reports charts --paper {input.paper:q} --exhibits {input.exhibits:q}"
        " --output {output:q} 2> {log:q}"


rule judge_claims:
    input:
        get_files("properties"),
        get_files("datasets"),
        paper=get_document("judged"),
        epochs="results/{edition}/tables/{paper}/epochs.csv",
        timings="results/{edition}/tables/{paper}/timings.csv",
        authors="results/{edition}/tables/{paper}/authors.csv",
        model_error="results/{edition}/tables/{paper}/model_error.csv",
        records=get_document("records"),
    output:
        [show_table(table, "Verdicts") for table in ("claims", "findings", "readings")],
    log:
        "logs/{edition}/tabulate/{paper}-claims.log",
    benchmark:
        "results/{edition}/costs/{paper}/tabulate-claims.tsv"
    localrule: True
    params:
        folder=subpath(output[0], parent=True),
        code=get_code("judge"),
    shell:
        "exec python -m reports judge --paper {input.paper:q} --epochs {input.epochs:q}"
        " --timings {input.timings:q} --authors {input.authors:q} --model-error {input.model_error:q}"
        " --records {input.records:q} --output {params.folder:q} 2> {log:q}"


rule join_tables:
    input:
        expand("results/{{edition}}/tables/{paper}/{{table}}.csv", paper=STUDIES),
    output:
        "results/{edition}/tables/{table}.csv",
    log:
        "logs/{edition}/tabulate/{table}.log",
    benchmark:
        "results/{edition}/costs/tabulate-{table}.tsv"
    wildcard_constraints:
        table="|".join(TABLES),
    localrule: True
    params:
        order=" ".join(STUDIES),
        code=get_code("join"),
    shell:
        "exec python -m reports join {input:q} --output {output:q} 2> {log:q}"
