import os
import sys
from urllib.parse import quote, urlsplit

from proteus import Model, config

url, user, customer, *wanted = sys.argv[1:]
password = os.environ["TRYTON_PASSWORD"]
if hasattr(config, "set_xmlrpc_session"):
    config.set_xmlrpc_session(url, user, password)
else:
    at = urlsplit(url)
    # Before 7.0 the password is sent with each call.
    path = at.path.removesuffix("rpc/")
    config.set_xmlrpc(f"{at.scheme}://{quote(user)}:{quote(password)}@{at.netloc}{path}")
Party, Product, Sale = (Model.get(name) for name in ["party.party", "product.product", "sale.sale"])
sale = Sale()
sale.party, = Party.find([("name", "=", customer)])
for item in wanted:
    code, quantity = item.split("=")
    line = sale.lines.new()
    line.product, = Product.find([("code", "=", code)])
    line.quantity = float(quantity)
total = sale.total_amount
sale.save()
print(sale.id, total)
