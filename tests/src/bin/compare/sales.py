import os
import sys

from proteus import Model, config

url, user, limit = sys.argv[1:]
lines, total, letters = 0, 0, 0
with config.set_xmlrpc_session(url, user, os.environ["TRYTON_PASSWORD"]):
    Sale = Model.get("sale.sale")
    sales = Sale.find([], limit=int(limit), order=[("id", "ASC")])
    for sale in sales:
        total += sale.total_amount
        letters += len(sale.party.name)
        for line in sale.lines:
            lines += 1
            letters += len(line.product.code)
print(len(sales), lines, total, letters)
