"""What the programs that make packages share."""
import os
import subprocess
import sys


def run(*command, **options):
    done = subprocess.run(command, text=True, stdout=subprocess.PIPE, **options)
    if done.returncode:
        sys.exit(f"{command[0]} ends with {done.returncode}: {done.stdout}")
    return done.stdout


def write(path, text, mode=0o644):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        file.write(text)
    os.chmod(path, mode)


def files(root):
    for directory, names, found in os.walk(root):
        names.sort()
        for name in sorted(found):
            yield os.path.join(directory, name)


def lay_files(root, source, modes):
    """Files of a plan, with the modes that it names, by path."""
    for path in files(source):
        name = os.path.relpath(path, source)
        with open(path) as file:
            write(f"{root}/{name}", file.read(), int(modes.get(name, "0644"), 8))
