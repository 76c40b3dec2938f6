import os
import sys
from decimal import Decimal

from proteus import Model, config

url, user, prefix, count = sys.argv[1:]
with config.set_xmlrpc_session(url, user, os.environ["TRYTON_PASSWORD"]):
    Template, Unit = (Model.get(name) for name in ["product.template", "product.uom"])
    unit, = Unit.find([("symbol", "=", "u")])
    for number in range(int(count)):
        template = Template(code=f"{prefix}{number}", name=f"Product {number}", type="goods")
        template.default_uom = unit
        template.list_price = Decimal(number)
        template.save()
print(count)
