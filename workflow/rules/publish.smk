# Tables → bundle → site for a web host, made of the bundle alone.

BUNDLE = f"results/{EDITION}/bundle.zip"
WEB = f"results/{EDITION}/web"
PUT_UP = f"{WEB}/.published"


rule pack_bundle:
    input:
        **BUNDLED_FILES,
    output:
        BUNDLE,
    log:
        f"logs/{EDITION}/publish/bundle.log",
    localrule: True
    params:
        tables=subpath(input[0], ancestor=2),
        code=get_code("bundle"),
    message:
        f"Packing the {EDITION} edition's bundle"
    shell:
        "exec python -m reports bundle --provenance {input.provenance:q} --papers {input.papers:q}"
        " --comparisons {input.comparisons:q} --tables {params.tables:q} --galleries {input.galleries:q}"
        " --output {output:q} 2> {log:q}"


rule publish_web:
    input:
        BUNDLE,
    output:
        stamp=PUT_UP,
        archive=f"{WEB}.zip",
    log:
        f"logs/{EDITION}/publish/web.log",
    localrule: True
    params:
        site=subpath(output.stamp, parent=True),
        code=get_code("site"),
    message:
        f"Publishing the {EDITION} edition for web hosts"
    shell:
        "exec python -m reports site {input:q} --output {params.site:q} --stamp {output.stamp:q}"
        " > {log:q} 2>&1"
