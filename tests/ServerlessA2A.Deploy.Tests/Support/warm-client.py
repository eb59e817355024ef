"""gcloud for the tests: warm-client.py SOCKET ARGS... hands its arguments, files, environment and folder over to warm-gcloud.py and ends as
gcloud does. It loads next to nothing, because it starts hundreds of times."""
import _socket
import os
import sys

argv = ["gcloud", *sys.argv[2:]]
mask = os.umask(0)
os.umask(mask)
words = [os.getcwd(), str(mask), str(len(argv)), *argv, *("=".join(each) for each in os.environ.items())]
body = "\0".join(words).encode("utf-8", "surrogateescape")
server = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
server.connect(sys.argv[1])
files = b"".join(number.to_bytes(4, sys.byteorder) for number in (0, 1, 2))
server.sendmsg([len(body).to_bytes(4, "big")], [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, files)])
while body:
    body = body[server.send(body) :]
status = server.recv(1)
sys.exit(status[0] if status else 1)
