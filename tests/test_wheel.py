"""What is built of the checkout, and how it lives beside packages of the same names."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[1]
PACKAGES = ("domain", "projections", "infra", "services")
BUILD = "from setuptools import build_meta; build_meta.build_wheel('dist')"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    tree = tmp_path_factory.mktemp("tree")
    shutil.copy(HOUSE / "pyproject.toml", tree)
    for package in PACKAGES:
        shutil.copytree(HOUSE / package, tree / package, ignore=shutil.ignore_patterns("__pycache__"))
    subprocess.run([sys.executable, "-c", BUILD], cwd=tree, check=True, capture_output=True)
    [built] = (tree / "dist").glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """A folder with the wheel's content, as an installation leaves it."""
    folder = tmp_path_factory.mktemp("site")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def python(*arguments, path, cwd):
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, path))}
    return subprocess.run(
        [sys.executable, *arguments], env=environment, cwd=cwd, capture_output=True, text=True, timeout=60
    )


def test_the_wheel_has_every_file_of_the_four_packages_and_no_other(wheel):
    with zipfile.ZipFile(wheel) as archive:
        found = {name for name in archive.namelist() if ".dist-info/" not in name}
    files = (file for package in PACKAGES for file in (HOUSE / package).rglob("*") if file.is_file())
    assert found == {file.relative_to(HOUSE).as_posix() for file in files if "__pycache__" not in file.parts}
    assert {f"{package}/py.typed" for package in PACKAGES} < found
    assert any(name.endswith(".sql") for name in found)


def test_the_installed_command_runs_far_from_the_checkout(installed, tmp_path):
    shown = python("-m", "services.cli", "--version", path=[installed], cwd=tmp_path)
    assert shown.stdout.startswith("receivables "), shown.stderr
    where = python("-c", "import services.assembly, domain; print(domain.__file__)", path=[installed], cwd=tmp_path)
    assert where.stdout.strip() == str(installed / "domain" / "__init__.py")


@pytest.fixture
def another(tmp_path):
    """A folder with a package `domain` of somebody else."""
    (tmp_path / "theirs" / "domain").mkdir(parents=True)
    (tmp_path / "theirs" / "domain" / "__init__.py").touch()
    return tmp_path / "theirs"


def test_a_package_that_stands_before_ours_ends_a_command_in_one_sentence(installed, another, tmp_path):
    code = f"import sys; sys.path.insert(0, {str(another)!r}); from services.cli import app; app()"
    ended = python("-c", code, path=[installed], cwd=tmp_path)
    assert ended.returncode == 3
    assert "Traceback" not in ended.stderr
    assert f"`import domain` finds {another / 'domain'} instead of {installed / 'domain'}" in ended.stderr


def test_a_package_that_stands_before_ours_stops_a_program_that_imports_us(installed, another, tmp_path):
    ended = python("-c", "import services.assembly", path=[another, installed], cwd=tmp_path)
    assert f"ImportError: `import domain` finds {another / 'domain'}" in ended.stderr


def test_a_distribution_that_shares_a_folder_with_ours_is_found(installed, tmp_path):
    theirs = tmp_path / "site" / "theirs-1.0.dist-info"
    theirs.mkdir(parents=True)
    (theirs / "METADATA").write_text("Metadata-Version: 2.1\nName: theirs\nVersion: 1.0\n")
    (theirs / "top_level.txt").write_text("domain\n")
    code = "from services import own_packages; print(own_packages.sharing())"
    assert python("-c", code, path=[installed], cwd=tmp_path).stdout.strip() == "{}"
    shared = python("-c", code, path=[installed, tmp_path / "site"], cwd=tmp_path)
    assert shared.stdout.strip() == "{'domain': ['theirs']}"
