# compile → the loops that the edition uses, by processes at the same time, before anything is trained or timed. Numba keeps
# them beside their sources; a file tells that it was done. Where it was not, the first job that needs a loop compiles it.

COMPILED = list(PLAN.compiled)


rule compile_loops:
    input:
        # A team's loops contain most of the others, which are then loaded.
        lambda wildcards: (
            [each for each in COMPILED if "team-" not in each]
            if wildcards.loops == "team"
            else []
        ),
    output:
        "resources/compiled/{loops}-{digest}.txt",
    log:
        "logs/compile/{loops}-{digest}.log",
    wildcard_constraints:
        loops="networks|one-network|repeats|optimised|team",
    localrule: True
    params:
        # Not tracked, since it takes the output, too: another strategy is no reason to compile the others.
        what=lambda wildcards, output: PLAN.compiled[output[0]],
    message:
        "Compiling the loops for this machine"
    shell:
        "exec python -m pnncore compile {params.what} --output {output:q} 2> {log:q}"
