import os
import sys

from proteus import Model, config

url, user, limit = sys.argv[1:]
quantities, prices = 0, 0
with config.set_xmlrpc_session(url, user, os.environ["TRYTON_PASSWORD"]):
    Line = Model.get("sale.line")
    lines = Line.find([], limit=int(limit), order=[("id", "ASC")])
    for line in lines:
        quantities += line.quantity
        prices += line.unit_price
print(len(lines), f"{quantities:g}", prices)
