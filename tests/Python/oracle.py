"""What the libraries that are the authority say: a question per line (JSON), an answer per line."""

import json
import sys


def requirement(case):
    from packaging.requirements import InvalidRequirement, Requirement
    from packaging.specifiers import InvalidSpecifier

    try:
        read = Requirement(case["text"])
    except (InvalidRequirement, InvalidSpecifier):
        return None
    return {
        "name": read.name,
        "extras": sorted(read.extras),
        "specifiers": sorted({str(x) for x in read.specifier}),
        "url": read.url,
        "marker": read.marker is not None,
    }


def marker(case):
    from packaging.markers import InvalidMarker, Marker, UndefinedComparison, UndefinedEnvironmentName

    try:
        read = Marker(case["text"])
    except InvalidMarker:
        return "invalid"
    try:
        return read.evaluate(case["environment"])
    except (UndefinedComparison, UndefinedEnvironmentName, KeyError):
        return None


def specifier(case):
    from packaging.specifiers import InvalidSpecifier, Specifier
    from packaging.version import Version

    try:
        return Specifier(case["text"]).contains(Version(case["version"]), prereleases=True)
    except InvalidSpecifier:
        return "invalid"


def version(case):
    from packaging.version import InvalidVersion, Version

    try:
        left, right = Version(case["text"]), Version(case["other"])
    except InvalidVersion:
        return "invalid"
    return {"normal": str(left), "order": (left > right) - (left < right)}


def name(case):
    from packaging.utils import canonicalize_name

    return canonicalize_name(case["text"])


def packaging(case):
    from importlib.metadata import version

    return version("packaging")


def semantic(case):
    from pbr.version import SemanticVersion

    try:
        return SemanticVersion.from_pip_string(case["text"]).release_string()
    except Exception:
        return None


def git(case):
    """The version that pbr gives to a commit, which becomes HEAD; it asks for the history alone."""
    import os
    import subprocess

    import pbr.packaging

    os.chdir(case["directory"])
    subprocess.run(["git", "update-ref", "--no-deref", "HEAD", case["commit"]], check=True)
    try:
        return pbr.packaging._get_version_from_git(case["pre"])
    except Exception as error:
        return "error: " + type(error).__name__


def git_setup(case):
    """The same with the version to come that setup.cfg of that commit says, as PBR reads it."""
    import configparser
    import subprocess

    setup = subprocess.run(
        ["git", "-C", case["directory"], "show", case["commit"] + ":setup.cfg"], capture_output=True
    ).stdout.decode()
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        parser.read_string(setup)
        pre = parser.get("metadata", "version", fallback="").strip() or None
    except configparser.Error:
        pre = None
    return git({**case, "pre": pre})


def bindep(case):
    import bindep.depends

    try:
        depends = bindep.depends.Depends(case["text"])
    except Exception:
        return None
    return [[x[0] for x in depends.active_rules(profiles)] for profiles in case["profiles"]]


out, sys.stdout = sys.stdout, sys.stderr
for line in sys.stdin:
    case = json.loads(line)
    print(json.dumps(globals()[case["kind"]](case)), file=out, flush=True)
