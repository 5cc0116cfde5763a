"""From finished runs to what can be put elsewhere: bundle, web site, Snakemake's own report, and what is said of it."""

import re
import subprocess
from zipfile import ZipFile

import pytest
from conftest import Project


@pytest.fixture(scope="module")
def published(
    finished: Project, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Project, subprocess.CompletedProcess[str]]:
    """Return a copy of the finished project after `snakemake publish`, and what that said."""
    project = finished.copy(tmp_path_factory.mktemp("published"))
    done = project.snakemake("publish")
    assert done.returncode == 0, done.stdout + done.stderr
    return project, done


def test_publishing_runs_nothing_again(
    published: tuple[Project, subprocess.CompletedProcess[str]],
) -> None:
    project, done = published
    assert str(project.path("results/sample/bundle.zip")) in done.stdout + done.stderr
    assert project.planned("publish") == {}


def test_the_published_site_is_whole_and_leads_nowhere_else(
    published: tuple[Project, subprocess.CompletedProcess[str]],
) -> None:
    project, _ = published
    web, site = (project.path(f"results/sample/{name}") for name in ("web", "site"))
    names = {path.relative_to(web).as_posix() for path in web.rglob("*") if path.is_file()}
    assert names == {
        path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()
    }
    names.remove(".published")
    assert {".nojekyll", "index.html", "tiny.html"} <= names
    assert any(name.startswith("data/tiny/runs-") for name in names)
    for page in web.glob("*.html"):
        for link in re.findall(r'(?:href|src)="([^"#?]+)', page.read_text("utf-8")):
            outside = re.match(r"https?:|data:|mailto:", link)
            assert outside or (page.parent / link).resolve().is_relative_to(web.resolve()), link
            assert outside or (page.parent / link).exists(), link
    with ZipFile(f"{web}.zip") as archive:
        assert set(archive.namelist()) == names


def test_a_person_sees_how_far_it_is_and_what_came_of_it(
    published: tuple[Project, subprocess.CompletedProcess[str]],
) -> None:
    project, done = published
    said = done.stdout + done.stderr
    assert re.search(r"^3 of 3 jobs", said, flags=re.MULTILINE)
    assert re.search(r"^ +reproduced +trend only +undecided +contradicted ", said, re.M)
    assert re.search(r"^Tiny & Small +0 +0 +1 +0 +0 +0$", said, re.M)
    for place in ("site/index.html", "web", "web.zip"):
        assert str(project.path(f"results/sample/{place}")) in said


def test_snakemakes_own_report_is_the_technical_appendix(
    published: tuple[Project, subprocess.CompletedProcess[str]],
) -> None:
    project, _ = published
    done = project.snakemake("--report", "appendix.zip")
    assert done.returncode == 0, done.stdout + done.stderr
    with ZipFile(project.path("appendix.zip")) as archive:
        names = {name.rpartition("/")[2] for name in archive.namelist()}
        page = archive.read("appendix/report.html").decode()
    assert {"claims.csv", "findings.csv", "scaling.csv", "fig1-1.svg"} <= names
    assert any(re.fullmatch(r"tiny-[0-9a-f]{12}\.json", name) for name in names)
    for category in ("Verdicts", "Figures", "Models", "Provenance"):
        assert f'"{category}"' in page
    assert "sample edition" in page
    assert "one row for each reading" in page  # a table's caption
    assert "Accuracy by epoch" in page  # a figure's label
    assert not re.search(r'(?:src|href)="https?://[^"]+\.(?:js|css)', page)
