"""The SDK, in a process of its own: one line of JSON asks, one line answers."""

import subprocess

from . import values


class Refusal(Exception):
    """An error of the SDK, as the bridge tells it."""

    def __init__(self, error):
        super().__init__(error['text'])
        self.kind = error['kind']
        self.text = error['text']
        # What the SDK says is meant for people.
        self.message = error['message']
        self.warning = error['warning']


class Bridge:

    def __init__(self, command):
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding='utf-8')
        # The class of the records that may stand where an id is meant.
        self.record = ()

    def ask(self, op, **arguments):
        """Lets the bridge do something, and gives its answer."""
        question = values.dumps({'op': op, **arguments}, self.record)
        self._process.stdin.write(question + '\n')
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise EOFError(f"the bridge ended with {self._process.wait()} while it was asked for `{op}`")
        answer = values.loads(line)
        if 'error' in answer:
            raise Refusal(answer['error'])
        return answer['answer']

    def close(self):
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait()
