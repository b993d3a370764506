"""Runs upstream's tests of a tree inside the image that was built of it, with what the tests want on top.

The request is the JSON in the environment variable REQUEST:
  tree          the sealed tree, which nobody can write to; where there is none, the tests are where "module" is installed
  writes        whether tests write into the tree: they see a copy of it
  distribution  what was built of it, and is installed; null where the tests are of what runs elsewhere
  runner        stestr, pytest or autotest
  paths         directories of tests; none is what the project's configuration says, and of autotest "tests"
  timeout       seconds that one test may take
  concurrency   processes; 0 is one per processor
  exclude       regular expressions of tests that do not count
  filters       regular expressions that each test to run has to match
  group         a regular expression of what of a test's name is the same for tests that run one after the other, or null
  configuration files to write before: path to text
  only_patches  whether the tests of patches are all that is run
  patches       a directory, or null: patches.json, and of each patch N its tests before it (N/before), and the files of the tree without the patch
                but with its tests (N/without), and with it (N/with)

Prints JSON, an object a line:
  {"ships": 12, "differ": [...]}                      files of the distribution that are those of the tree, and those that are not
  {"tests": 200, "run": "all", "excluded": [3, 0]}    what is going to be run, and how many tests each exclusion means
  {"run": ..., "test": ..., "status": ..., "seconds": ..., "text": ...}
  {"run": ..., "problem": ...}                        why a run came to no end
  {"subunit": "..."}                                  base64 of the stream of the run "all"
A run is "all", "again" (those that failed, one after another), "N without" or "N with" of a patch.
"""
import ast
import base64
import importlib.metadata
import importlib.util
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time

REQUEST = json.loads(os.environ.pop("REQUEST"))
TREE = REQUEST.get("tree")
if not TREE and "module" in REQUEST:
    TREE = os.path.dirname(os.path.dirname(importlib.util.find_spec(REQUEST["module"]).origin))
WORK = "/tmp/upstream-tests"
PASSED, FAILED = ("success", "xfail"), ("fail", "uxsuccess", "lost")
LONGEST = 6000

# What tests print is no answer.
answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)
lock = threading.Lock()


def tell(**answer):
    with lock:
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


def tell_stream(data):
    for start in range(0, len(data), 1 << 16):
        tell(subunit=base64.b64encode(data[start:start + (1 << 16)]).decode())


def shortened(text):
    return text if len(text) <= LONGEST else text[:LONGEST // 3] + "\n...\n" + text[-LONGEST // 3 * 2:]


def environment():
    return {
        **os.environ, "HOME": WORK + "/home", "PYTHON": sys.executable, "PYTHONPYCACHEPREFIX": WORK + "/byte-code",
        # Fixtures of OpenStack's know it, and a test that hangs fails by itself.
        "OS_TEST_TIMEOUT": str(REQUEST["timeout"]),
    }


def end_with_input():
    """The input has nothing to say: where it ends, whoever started this is gone."""
    os.read(0, 1)
    os._exit(1)


def reap():
    """The first process of a container inherits what others leave behind, and has to take note of its end: tests wait for that. What goes
    on from here is another one."""
    worker = os.fork()
    if worker == 0:
        return
    while True:
        pid, status = os.wait()
        if pid == worker:
            os._exit(os.waitstatus_to_exitcode(status) & 0xff)


def start_again(directory, changed):
    """This very program, in a process that runs tests and does nothing else."""
    return subprocess.Popen([*sys.orig_argv], cwd=directory, env={**environment(), "REQUEST": json.dumps(changed)}, stdout=subprocess.PIPE,
                            stdin=subprocess.DEVNULL, start_new_session=True)


def compare_with_tree():
    """Whether what is installed is what the tests are going to see: they look at the tree."""
    same, differ = 0, []
    for file in importlib.metadata.files(REQUEST["distribution"]) or []:
        of_tree = os.path.join(TREE, str(file))
        if not str(file).endswith(".py") or not os.path.isfile(of_tree):
            continue
        with open(of_tree, "rb") as one, open(file.locate(), "rb") as other:
            if one.read() == other.read():
                same += 1
            else:
                differ.append(str(file))
    tell(ships=same, differ=differ)


class Watch:
    """Ends a run of which one test takes too long."""

    def __init__(self, run, group):
        self.run, self.group, self.started, self.over, self.is_over = run, group, {}, set(), False
        threading.Thread(target=self.look, daemon=True).start()

    def begin(self, test):
        self.started.setdefault(test, time.monotonic())

    def end(self, test):
        self.over.add(test)
        self.started.pop(test, None)

    def look(self):
        while not self.is_over:
            time.sleep(1)
            # What ends by itself after its time, as fixtures see to it, is let end.
            late = [(x, since) for x, since in list(self.started.items()) if time.monotonic() - since > REQUEST["timeout"] + 15]
            if not late or self.is_over:
                continue
            self.is_over = True
            for test, since in late:
                tell(run=self.run, test=test, status="hangs", seconds=time.monotonic() - since,
                     text="It did not end in time, and was ended with all that had not been run yet")
            os.killpg(self.group, signal.SIGKILL)


class Captured:
    """A stream that remembers what was read from it, and hands it on."""

    def __init__(self, stream, on_bytes):
        self.stream, self.on_bytes = stream, on_bytes

    def read(self, size=-1):
        data = self.stream.read(size)
        self.on_bytes(data)
        return data

    def fileno(self):
        return self.stream.fileno()


class Stestr:
    """Projects with a .stestr.conf, or whatever unittest finds."""

    repository = WORK + "/stestr"

    def __init__(self):
        os.makedirs(self.repository, exist_ok=True)
        self.options = ["--repo-url", self.repository, "--top-dir", "./"]
        if REQUEST["paths"]:
            self.options += ["--test-path", REQUEST["paths"][0]]
        if REQUEST.get("group"):
            self.options += ["--group_regex", REQUEST["group"]]
        subprocess.run(["stestr", *self.options, "init"], cwd=TREE, env=environment(), check=True)

    def find(self):
        found = subprocess.run(["stestr", *self.options, "list"], cwd=TREE, env=environment(), stdout=subprocess.PIPE, text=True)
        if found.returncode:
            tell(run="all", problem="The tests cannot be found: " + shortened(found.stdout))
            return None
        return [x for x in found.stdout.splitlines() if x]

    def run(self, name, tests, serially=False):
        listed = WORK + "/tests.list"
        with open(listed, "w") as file:
            file.write("\n".join(tests) + "\n")
        concurrency = ["--serial"] if serially else ["--concurrency", str(REQUEST["concurrency"])]
        process = subprocess.Popen(["stestr", *self.options, "run", "--subunit", *concurrency, "--load-list", listed], cwd=TREE,
                                   env=environment(), stdout=subprocess.PIPE, start_new_session=True)
        return self.follow(name, process.stdout, process.pid, process.wait, tests)

    def run_modules(self, name, tree, changed, excluded):
        """The changed tests of a tree, in a process of their own: a module that cannot be imported is a test that fails."""
        process = start_again(tree, {"changed": {x: sorted(map(list, y), key=str) for x, y in changed.items()}, "excluded": excluded})
        tests = json.loads(process.stdout.readline() or b"[]")
        self.follow(name, process.stdout, process.pid, process.wait, tests)
        return len(tests)

    @staticmethod
    def run_changed(changed, excluded, stream):
        import unittest
        from subunit import StreamResultToBytes
        from subunit.test_results import AutoTimingTestResultDecorator
        from testtools import ExtendedToStreamDecorator, iterate_tests
        sys.path.insert(0, os.getcwd())
        wanted = selector(changed, excluded)
        found = [x for x in iterate_tests(unittest.defaultTestLoader.loadTestsFromNames(sorted(changed))) if wanted(x.id())]
        stream.write(json.dumps([x.id() for x in found]).encode() + b"\n")
        result = AutoTimingTestResultDecorator(ExtendedToStreamDecorator(StreamResultToBytes(stream)))
        result.startTestRun()
        unittest.TestSuite(found).run(result)
        result.stopTestRun()

    @staticmethod
    def follow(name, stream, group, wait, expected):
        """Tells what a stream of subunit says of the tests of a group of processes. Returns those that failed."""
        import subunit
        from testtools import CopyStreamResult, StreamResult, StreamToDict
        watch = Watch(name, group)
        missing, failed = set(expected), []

        class Began(StreamResult):
            def status(self, test_id=None, test_status=None, **_):
                if test_id and test_status == "inprogress":
                    watch.begin(test_id)

        def on_test(test):
            if test["status"] == "exists" or test["status"] == "unknown":
                return
            watch.end(test["id"])
            missing.discard(test["id"])
            times = test["timestamps"]
            seconds = (times[1] - times[0]).total_seconds() if None not in times else 0
            status = "lost" if test["status"] == "inprogress" else test["status"]
            of_class = re.fullmatch(r"setUpClass \((.+)\)", test["id"])
            details = {key: value.as_text() for key, value in test["details"].items()} if status not in ("success",) else {}
            text = details.get("reason") if status == "skip" else "\n".join(x for _, x in sorted(details.items()) if x.strip())
            if status in FAILED:
                failed.append(test["id"])
            # A class that is skipped is told once, and is all its tests.
            tests = [x for x in missing if x.startswith(of_class[1] + ".")] if of_class and status == "skip" else [test["id"]]
            missing.difference_update(tests)
            if not (watch.is_over and status == "lost"):
                for each in sorted(tests):
                    tell(run=name, test=each, status=status, seconds=seconds, text=shortened(text or ""))

        kept = []
        result = CopyStreamResult([Began(), StreamToDict(on_test)])
        result.startTestRun()
        subunit.ByteStreamToStreamResult(Captured(stream, kept.append), non_subunit_name="stdout").run(result)
        result.stopTestRun()
        if name == "all":
            tell_stream(b"".join(kept))
        code, was_ended = wait(), watch.is_over
        watch.is_over = True
        if missing:
            tell(run=name, problem=f"{len(missing)} tests were not run, such as {sorted(missing)[0]} (exit code {code}{', ended' if was_ended else ''})")
        return [] if was_ended else failed


class Pytest:
    """Projects that pytest runs: a plugin tells what happens."""

    plugin = '''
import json, os, pytest
out = os.fdopen(int(os.environ["ANSWERS"]), "w")
wanted = set(json.load(open(os.environ["WANTED"]))) if os.environ.get("WANTED") else None
def tell(**x):
    out.write(json.dumps(x) + "\\n"); out.flush()
# After what the project leaves out by its own marks.
@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    if wanted is not None:
        items[:] = [x for x in items if x.nodeid in wanted]
    for x in items: tell(found=x.nodeid)
def pytest_collectreport(report):
    if report.failed: tell(test=report.nodeid or "collection", status="fail", seconds=0, text=str(report.longrepr))
def pytest_runtest_logstart(nodeid, location): tell(began=nodeid)
def pytest_runtest_logreport(report):
    status = {"passed": "success", "failed": "fail", "skipped": "skip"}[report.outcome]
    if hasattr(report, "wasxfail"): status = "xfail" if report.skipped else "uxsuccess"
    if report.when == "call" or status != "success":
        text = report.longrepr[2] if status == "skip" and isinstance(report.longrepr, tuple) else str(report.longrepr or "")
        tell(test=report.nodeid, status=status, seconds=report.duration, text=text)
'''

    def __init__(self):
        os.makedirs(WORK + "/plugins", exist_ok=True)
        with open(WORK + "/plugins/openstack_answers.py", "w") as file:
            file.write(self.plugin)

    def start(self, directory, arguments, wanted=None):
        reader, writer = os.pipe()
        variables = {**environment(), "ANSWERS": str(writer), "PYTHONPATH": WORK + "/plugins"}
        if wanted is not None:
            variables["WANTED"] = WORK + "/wanted.json"
            with open(variables["WANTED"], "w") as file:
                json.dump(wanted, file)
        process = subprocess.Popen([sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "openstack_answers", *arguments],
                                   cwd=directory, env=variables, pass_fds=[writer], start_new_session=True)
        os.close(writer)
        return process, os.fdopen(reader)

    def find(self):
        process, lines = self.start(TREE, ["--collect-only", *REQUEST["paths"]])
        answers_ = [json.loads(x) for x in lines]
        process.wait()
        broken = [x for x in answers_ if "test" in x]
        if broken:
            tell(run="all", problem=f"The tests cannot be found: {broken[0]['test']}: " + shortened(broken[0]["text"]))
            return None
        return [x["found"] for x in answers_ if "found" in x]

    def run(self, name, tests, serially=False):
        return self.follow(name, *self.start(TREE, REQUEST["paths"], tests), set(tests))

    def run_modules(self, name, tree, changed, excluded):
        wanted, modules = selector(changed, excluded), sorted(changed)
        files = [x.replace(".", "/") + ".py" for x in modules]
        process, lines = self.start(tree, ["--collect-only", *files])
        found = [json.loads(x) for x in lines]
        process.wait()
        for broken in (x for x in found if "test" in x):
            tell(run=name, **{**broken, "text": shortened(broken["text"])})
        tests = [x["found"] for x in found if "found" in x and wanted(x["found"])]
        if tests:
            self.follow(name, *self.start(tree, files, tests), set(tests))
        return len(tests) + sum("test" in x for x in found)

    @staticmethod
    def follow(name, process, lines, missing):
        watch, results = Watch(name, process.pid), {}
        for line in lines:
            answer = json.loads(line)
            if "began" in answer:
                watch.begin(answer["began"])
            elif "test" in answer:
                watch.end(answer["test"])
                # Its teardown may fail when it has passed.
                before = results.get(answer["test"])
                if before is None or before["status"] in PASSED:
                    results[answer["test"]] = answer
                    missing.discard(answer["test"])
                    tell(run=name, **{**answer, "text": shortened(answer["text"])})
        code, was_ended = process.wait(), watch.is_over
        watch.is_over = True
        if missing:
            tell(run=name, problem=f"{len(missing)} tests were not run, such as {sorted(missing)[0]} (exit code {code})")
        return [] if was_ended else [x for x, answer in results.items() if answer["status"] in FAILED]


class Autotest:
    """Projects of autoconf whose "make check" runs a test suite of GNU Autotest: it numbers its tests, says in a line what came of each, and
    keeps of those that failed what they printed. What is told here of their time is to a fifth of a second."""

    listed = re.compile(r"^ *(\d+): (\S+):(\d+) +(\S.*)$")
    result = re.compile(r"^ *(\d+): .*? (ok|UNEXPECTED PASS|(FAILED|skipped|expected failure) \((.*)\))$")
    statuses = {"ok": "success", "FAILED": "fail", "skipped": "skip", "expected failure": "xfail", "UNEXPECTED PASS": "uxsuccess"}

    def __init__(self):
        self.directory = os.path.join(TREE, (REQUEST["paths"] or ["tests"])[0])
        self.numbers = {}

    def start(self, *flags):
        return subprocess.Popen(["make", "--no-print-directory", "check", "TESTSUITEFLAGS=" + " ".join(map(str, flags))], cwd=TREE, env=environment(),
                                stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, start_new_session=True, text=True, errors="replace")

    def find(self):
        process = self.start("--list")
        text = process.stdout.read()
        found = [self.listed.match(x) for x in text.splitlines()]
        for number, file, line, name in (x.groups() for x in found if x):
            test = f"{file}: {name}"
            # What several are called has their line as well, and where a macro has made them, their number.
            names = [test, f"{test} (line {line})", f"{test} ({number})"]
            self.numbers[next(x for x in names if x not in self.numbers)] = int(number)
        if process.wait() or not self.numbers:
            tell(run="all", problem="The tests cannot be found: " + shortened(text))
            return None
        return list(self.numbers)

    def run(self, name, tests, serially=False):
        names = {self.numbers[x]: x for x in tests}
        jobs = 1 if serially else REQUEST["concurrency"] or len(os.sched_getaffinity(0))
        process = self.start(f"-j{jobs}", *sorted(names))
        watch, missing, failed = Watch(name, process.pid), set(tests), []
        threading.Thread(target=self.look, args=(watch, names), daemon=True).start()
        for line in process.stdout:
            match = self.result.match(line.rstrip())
            if not match or int(match[1]) not in names or names[int(match[1])] not in missing:
                continue
            test, status = names[int(match[1])], self.statuses[match[3] or match[2]]
            seconds = time.monotonic() - watch.started.get(test, time.monotonic())
            watch.end(test)
            missing.discard(test)
            if status in FAILED:
                failed.append(test)
            text = "" if status == "success" else (match[4] or match[2]) + (self.log_of(match[1]) if status in FAILED else "")
            tell(run=name, test=test, status=status, seconds=seconds, text=shortened(text))
        code, was_ended = process.wait(), watch.is_over
        watch.is_over = True
        if missing:
            tell(run=name, problem=f"{len(missing)} tests were not run, such as {sorted(missing)[0]} (exit code {code}{', ended' if was_ended else ''})")
        return [] if was_ended else failed

    def look(self, watch, names):
        """A test has a directory from when it begins until it has passed."""
        while not watch.is_over:
            time.sleep(0.2)
            for number in self.directories():
                if number in names and names[number] not in watch.over:
                    watch.begin(names[number])

    def directories(self):
        try:
            return [int(x) for x in os.listdir(self.directory + "/testsuite.dir") if x.isdigit()]
        except FileNotFoundError:
            return []

    def log_of(self, number):
        for directory in (x for x in os.listdir(self.directory + "/testsuite.dir") if x.isdigit() and int(x) == int(number)):
            with open(f"{self.directory}/testsuite.dir/{directory}/testsuite.log", errors="replace") as file:
                return "\n" + file.read()
        return ""


def functions_of(text):
    """Of a module: the text of each test by class and name, and of each class, and of the module, what is no test."""
    found, others = {}, []
    for node in ast.parse(text).body:
        if isinstance(node, ast.ClassDef):
            rest = []
            for member in node.body:
                if is_test(member):
                    found[node.name, member.name] = ast.dump(member)
                else:
                    rest.append(ast.dump(member))
            found[node.name, None] = "\n".join([*rest, *(ast.dump(x) for x in (*node.bases, *node.decorator_list))])
        elif is_test(node):
            found[None, node.name] = ast.dump(node)
        elif not isinstance(node, (ast.Import, ast.ImportFrom)):
            others.append(ast.dump(node))
    found[None, None] = "\n".join(others)
    return found


def is_test(node):
    return isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name.startswith("test")


def changed_tests(before, after):
    """What a patch adds or changes in a module: (class, test), (class, None) for all tests of a class, and where it is nothing of
    these but what they use, (None, None) for all of the module."""
    with open(after) as file:
        now = functions_of(file.read())
    old = {}
    if os.path.isfile(before):
        with open(before) as file:
            old = functions_of(file.read())
    changed = {x for x, text in now.items() if old.get(x, "") != text}
    return changed - {(None, None)} or changed


def selector(changed, excluded):
    """Whether a test is among those that are changed, by module; a subclass in the module runs what it inherits."""
    def wanted(test):
        if any(re.search(x, test) for x in excluded):
            return False
        if ".<" in test or "_FailedTest" in test:
            return True
        words = re.split(r"[.:/(\[]+", re.sub(r"\.py::", ".", test))
        for module, members in changed.items():
            parts = module.split(".")
            if parts != words[:len(parts)]:
                continue
            rest = words[len(parts):]
            for owner, member in members:
                # A method that is changed in its class or, inherited, in a subclass; ddt and scenarios add to its name.
                if member is None and (owner is None or owner in rest) or member and any(x == member or x.startswith(member + "_") for x in rest):
                    return True
        return False
    return wanted


def module_of(path):
    return path.removesuffix(".py").replace("/", ".")


class Tree:
    """A copy of the tree that is as it was at one patch."""

    def __init__(self):
        self.path, self.changed, self.time = WORK + "/tree", [], int(time.time())
        shutil.copytree(TREE, self.path, symlinks=True, ignore=shutil.ignore_patterns(".git"))

    def become(self, directory, absent):
        for path in self.changed:
            self.put(os.path.join(TREE, path), path)
        self.changed = list(absent)
        for path in absent:
            self.remove(path)
        for root, _, names in os.walk(directory):
            for name in names:
                path = os.path.relpath(os.path.join(root, name), directory)
                self.changed.append(path)
                self.put(os.path.join(root, name), path)

    def put(self, source, path):
        self.remove(path)
        if not os.path.lexists(source):
            return
        target = os.path.join(self.path, path)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        shutil.copy2(source, target, follow_symlinks=False)
        # Byte code is of a time.
        self.time += 1
        if not os.path.islink(target):
            os.chmod(target, os.stat(target).st_mode | 0o200)
            os.utime(target, (self.time, self.time))

    def remove(self, path):
        target = os.path.join(self.path, path)
        if os.path.lexists(target):
            os.remove(target)


def run_patches(runner):
    with open(REQUEST["patches"] + "/patches.json") as file:
        patches = json.load(file)
    if not patches:
        return
    tree = Tree()
    for number, patch in enumerate(patches):
        directory = f"{REQUEST['patches']}/{number}"
        changed = {}
        for module in patch["modules"]:
            try:
                members = changed_tests(f"{directory}/before/{module}", f"{directory}/with/{module}")
            except SyntaxError as e:
                tell(run=f"{number} with", problem=f"{module} cannot be read: {e}")
                continue
            if members:
                changed[module_of(module)] = members
        tell(run=f"{number}", tests=sum(len(x) for x in changed.values()))
        if not changed:
            continue
        for state in ("without", "with") if patch["changesCode"] else ("with",):
            tree.become(f"{directory}/{state}", patch[state + "Absent"])
            if runner.run_modules(f"{number} {state}", tree.path, changed, REQUEST["exclude"]):
                continue
            if any(member for members in changed.values() for _, member in members):
                tell(run=f"{number} {state}", problem="none of its tests is found by the runner")
            else:
                # What tests of other modules use.
                tell(run=f"{number}", tests=0)
                break
    shutil.rmtree(tree.path)


def main():
    global TREE
    if "changed" in REQUEST:
        Stestr.run_changed(REQUEST["changed"], REQUEST["excluded"], answers.buffer)
        return
    if os.getpid() == 1:
        reap()
    threading.Thread(target=end_with_input, daemon=True).start()
    os.makedirs(WORK + "/home", exist_ok=True)
    os.makedirs(WORK + "/byte-code", exist_ok=True)
    for path, text in REQUEST.get("configuration", {}).items():
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as file:
            file.write(text)
    if REQUEST["distribution"]:
        compare_with_tree()
    if REQUEST.get("writes"):
        TREE = shutil.copytree(TREE, WORK + "/source", symlinks=True)
    runner = {"stestr": Stestr, "pytest": Pytest, "autotest": Autotest}[REQUEST["runner"]]()
    if REQUEST["patches"]:
        run_patches(runner)
    if REQUEST["only_patches"]:
        return
    tests = runner.find()
    if tests is None:
        return
    patterns = [re.compile(x) for x in REQUEST["exclude"]]
    excluded = [sum(bool(x.search(test)) for test in tests) for x in patterns]
    kept = [x for x in tests if not any(y.search(x) for y in patterns)]
    for wanted in REQUEST["filters"]:
        kept = [x for x in kept if re.search(wanted, x)]
    tell(run="all", tests=len(kept), excluded=excluded)
    if not kept:
        return
    known = set(kept)
    again = [x for x in runner.run("all", kept) if x in known]
    if again:
        tell(run="again", tests=len(again))
        runner.run("again", again, serially=True)


if __name__ == "__main__":
    main()
