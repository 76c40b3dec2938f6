"""Tryton's own scenarios, run through the SDK.

A scenario is a doctest over Tryton's client library, proteus. Here it runs as it is published; what is replaced is the way
from proteus to the server. `python -m scenarios` runs one scenario in one process (`__main__`):

* `server`: trytond's own WSGI application, behind Werkzeug, in a thread. It answers no client but the SDK.
* `bridge`: the SDK, in a process of its own, behind two pipes.
* `transport`: the configuration of proteus that sends every call through the bridge.
* `values`: the types of Python, as the JSON that goes through those pipes.
* `databases`: databases with their modules activated, kept from one run to the next.
* `honesty`: what makes sure that nothing else opens a connection.
"""
