import os
import sys

from proteus import Model, config

url, user, limit = sys.argv[1:]
lines, letters, quantities, prices = 0, 0, 0, 0
with config.set_xmlrpc_session(url, user, os.environ["TRYTON_PASSWORD"]):
    Sale = Model.get("sale.sale")
    sales = Sale.find([], limit=int(limit), order=[("id", "ASC")])
    for sale in sales:
        letters += len(sale.party.name)
        for line in sale.lines:
            lines += 1
            quantities += line.quantity
            prices += line.unit_price
print(len(sales), lines, letters, f"{quantities:g}", prices)
