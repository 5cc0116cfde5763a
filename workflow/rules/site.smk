# Tables → the site.

SITE_CODE = Path("reports")


rule record_provenance:
    input:
        records=[
            job.record
            for jobs in (RUNS, TIMINGS)
            for paper in jobs.values()
            for job in paper
        ],
    output:
        "results/{edition}/provenance.json",
    shell:
        "true"
