"""gcloud without its start: a process that has gcloud's modules loaded forks for each command. What runs is the installed gcloud, unchanged.

warm-gcloud.py GCLOUD.PY: serves until standard input ends. It prints "PORT WORD". A client is a script that connects to that port and sends
"WORD ID" with the id of its process, whose arguments, environment, folder and files (standard output is 8) the command takes over. It
receives the exit code.
"""
import ast
import gc
import importlib
import itertools
import os
import re
import select
import signal
import socket
import sys


def serve(script):
    import runpy
    import secrets

    sys.path[0] = os.path.dirname(script)
    gcloud = runpy.run_path(script, run_name="gcloud")
    gcloud["_fix_google_module"]()
    main = gcloud["_import_gcloud_main"]()
    cli = main.CreateCLI([])
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    word = secrets.token_hex()
    print(listener.getsockname()[1], word, flush=True)
    # What a command had to load or compile, the next ones find loaded and compiled.
    re._MAXCACHE = 1 << 16
    loaded, report = os.pipe()
    unfinished = b""
    while True:
        ready = select.select([0, loaded, listener], [], [])[0]
        if 0 in ready and not os.read(0, 1024):
            return
        if loaded in ready:
            *names, unfinished = (unfinished + os.read(loaded, 65536)).split(b"\n")
            for name in names:
                try:
                    if name.startswith(b"gcloud "):
                        load(cli, name.decode().split()[1:])
                    elif name.startswith(b"re "):
                        re.compile(*ast.literal_eval(name[3:].decode()))
                    else:
                        importlib.import_module(name.decode())
                except BaseException:  # Surfaces of commands are no modules of their own.
                    pass
        if listener in ready:
            client = listener.accept()[0]
            # A collection in a command would copy all pages that it shares with this process.
            gc.freeze()
            if os.fork() == 0:
                gc.disable()
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                run(client, word, report, main, cli)
            client.close()


def load(cli, words):
    """Makes the parsers of a command, which each process would make for itself."""
    element = cli.top_element
    for word in words:
        element = element.LoadSubElement(word)


def take_over(process):
    """Gives this process the arguments, the environment, the folder, the umask and the files of another one."""
    place = "/proc/" + process
    # The first arguments are the shell and its script.
    sys.argv = ["gcloud", *read(place + "/cmdline")[2:]]
    os.environ.clear()
    os.environ.update(each.split("=", 1) for each in read(place + "/environ"))
    os.chdir(place + "/cwd")
    with open(place + "/status", encoding="utf-8") as status:
        os.umask(next(int(line.split()[1], 8) for line in status if line.startswith("Umask:")))
    # While the shell sends, its standard output is the connection; 8 is what it was before.
    for number, theirs in enumerate((0, 8, 2)):
        file = os.open(f"{place}/fd/{theirs}", os.O_RDONLY if number == 0 else os.O_WRONLY | os.O_APPEND)
        os.dup2(file, number)
        os.close(file)
    sys.stdin = sys.__stdin__ = open(0, encoding="utf-8", closefd=False)
    sys.stdout = sys.__stdout__ = open(1, "w", encoding="utf-8", closefd=False)
    sys.stderr = sys.__stderr__ = open(2, "w", encoding="utf-8", buffering=1, closefd=False)


def read(file):
    with open(file, "rb") as opened:
        return opened.read().decode("utf-8", "surrogateescape").split("\0")[:-1]


def run(client, word, report, main, cli):
    """One command, in a process of its own."""
    import atexit
    import traceback

    status, loaded, compiled = 1, len(sys.modules), len(re._cache)
    try:
        sent, process = client.makefile().readline().split()
        if sent != word:
            raise PermissionError
        take_over(process)
        from googlecloudsdk.core import log

        log.Reset(sys.stdout, sys.stderr)
        try:
            main.main(cli)
            status = 0
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else int(end.code is not None)
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
    except BaseException:
        traceback.print_exc()
    finally:
        try:
            client.sendall(b"%d\n" % status)
            command = itertools.takewhile(lambda each: not each.startswith("-"), sys.argv[1:])
            # Only the last ones are looked at: this process shares its memory with the others until it writes, and a look is a write.
            modules = list(itertools.islice(reversed(sys.modules), len(sys.modules) - loaded))
            patterns = list(itertools.islice(reversed(re._cache), len(re._cache) - compiled))
            lines = [*(name for name in modules if "__" not in name), " ".join(["gcloud", *command])]
            lines += [f"re {pattern!r}, {int(flags)}" for kind, pattern, flags in patterns if kind is str]
            os.write(report, "".join(line + "\n" for line in lines).encode())
        finally:
            os._exit(0)


serve(*sys.argv[1:])
