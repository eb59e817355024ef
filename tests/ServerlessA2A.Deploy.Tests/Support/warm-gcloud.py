"""gcloud without its start: a process that has gcloud's modules loaded forks for each command. What runs is the installed gcloud, unchanged.

warm-gcloud.py SOCKET GCLOUD.PY: serves warm-client.py on SOCKET until standard input ends.
"""
import array
import importlib
import itertools
import os
import select
import signal
import socket
import sys


def serve(place, script):
    import runpy

    sys.path[0] = os.path.dirname(script)
    gcloud = runpy.run_path(script, run_name="gcloud")
    gcloud["_fix_google_module"]()
    main = gcloud["_import_gcloud_main"]()
    cli = main.CreateCLI([])
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(place)
    listener.listen(64)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    print("ready", flush=True)
    # What a command had to load, the next ones find loaded.
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
                    else:
                        importlib.import_module(name.decode())
                except BaseException:  # Surfaces of commands are no modules of their own.
                    pass
        if listener in ready:
            client = listener.accept()[0]
            if os.fork() == 0:
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                run(client, report, main, cli)
            client.close()


def load(cli, words):
    """Makes the parsers of a command, which each process would make for itself."""
    element = cli.top_element
    for word in words:
        element = element.LoadSubElement(word)


def run(client, report, main, cli):
    """One command, in a process of its own."""
    import atexit
    import traceback

    status, before = 1, set(sys.modules)
    try:
        size, ancillary = client.recvmsg(4, socket.CMSG_SPACE(12))[:2]
        files = array.array("i")
        files.frombytes(ancillary[0][2][:12])
        body = b""
        while len(body) < int.from_bytes(size, "big"):
            body += client.recv(65536)
        folder, mask, count, *words = body.decode("utf-8", "surrogateescape").split("\0")
        argv, environment = words[: int(count)], words[int(count) :]
        for number, file in enumerate(files):
            os.dup2(file, number)
            os.close(file)
        os.chdir(folder)
        os.umask(int(mask))
        os.environ.clear()
        os.environ.update(each.split("=", 1) for each in environment)
        sys.argv = argv
        sys.stdin = sys.__stdin__ = open(0, encoding="utf-8", closefd=False)
        sys.stdout = sys.__stdout__ = open(1, "w", encoding="utf-8", closefd=False)
        sys.stderr = sys.__stderr__ = open(2, "w", encoding="utf-8", buffering=1, closefd=False)
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
            client.sendall(bytes([status]))
            command = itertools.takewhile(lambda word: not word.startswith("-"), sys.argv[1:])
            loaded = [name for name in set(sys.modules) - before if "__" not in name]
            os.write(report, "".join(line + "\n" for line in [*loaded, " ".join(["gcloud", *command])]).encode())
        finally:
            os._exit(0)


serve(*sys.argv[1:])
