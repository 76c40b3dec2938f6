"""Run a server for as long as standard input stays open: supervise.py FOLDER ACCOUNT COMMAND…

Standard input is a pipe that only the owner holds: however the owner ends, the pipe ends with it.
FOLDER holds the server's files. It is removed when the owner ends, and kept when the server fails by itself.
ACCOUNT is the `uid:gid` as which the server runs, or empty: as whom this runs.
"""
import os
import shutil
import signal
import subprocess
import sys
import threading

folder, account, *command = sys.argv[1:]
options = {}
if account:
    uid, gid = map(int, account.split(":"))
    # Where this user's own folder is out of reach, programs would fail before they leave it.
    options = {"user": uid, "group": gid, "extra_groups": [], "cwd": folder}
owner_is_gone = threading.Event()


def wait_for_the_end_of_the_owner():
    sys.stdin.buffer.read()
    stop()


def stop(*_):
    owner_is_gone.set()
    server.terminate()


# Ctrl-C reaches every process of the terminal, but it is for the owner to decide what it means.
signal.signal(signal.SIGINT, signal.SIG_IGN)
with open(os.path.join(folder, "log"), "ab") as log:
    server = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, **options)
for number in (signal.SIGTERM, signal.SIGHUP):
    signal.signal(number, stop)
threading.Thread(target=wait_for_the_end_of_the_owner, daemon=True).start()

while server.poll() is None:
    if not owner_is_gone.wait(timeout=0.1):
        continue
    try:
        server.wait(timeout=5)
    except subprocess.TimeoutExpired:
        server.kill()
if owner_is_gone.is_set():
    shutil.rmtree(folder, ignore_errors=True)
# Not through the interpreter's own end, which would wait for the thread that reads standard input.
os._exit(server.returncode & 0xFF)
