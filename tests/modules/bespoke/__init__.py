"""What a company adds to its Tryton: fields of a party, a state of a sale, a model of its own, and awkward names."""
import datetime as dt

from trytond.model import ModelSQL, ModelView, fields
from trytond.pool import Pool, PoolMeta


class Party(metaclass=PoolMeta):
    __name__ = "party.party"

    loyalty_points = fields.Integer("Loyalty Points", required=True)
    bikes = fields.One2Many("bespoke.bike", "owner", "Bikes")

    @classmethod
    def default_loyalty_points(cls):
        return 0


class Sale(metaclass=PoolMeta):
    __name__ = "sale.sale"

    @classmethod
    def __setup__(cls):
        super().__setup__()
        cls.state.selection.append(("on_hold", "On Hold"))
        cls._transitions.add(("draft", "on_hold"))
        cls._buttons["hold"] = {}

    @classmethod
    @ModelView.button
    def hold(cls, sales):
        cls.write(sales, {"state": "on_hold"})


class Bike(ModelSQL, ModelView):
    "Bike"
    __name__ = "bespoke.bike"

    owner = fields.Many2One("party.party", "Owner", required=True)
    # In Rust these are a keyword, a name with letters beyond ASCII, and names such as the SDK has itself.
    type = fields.Char("Type", required=True)
    größe = fields.Float("Größe")
    F = fields.Boolean("F")
    fields_ = fields.Char("Fields")
    # In CamelCase all four are nothing, or the same.
    gear = fields.Selection([
        (None, ""),
        ("+", "Up"),
        ("-", "Down"),
        ("-1", "Reverse"),
        ("1", "First"),
    ], "Gear", sort=False)


class BikeAgain(ModelView):
    "Bike of Another Name"
    __name__ = "bespoke_bike"

    wheels = fields.Integer("Wheels")


class Service(ModelSQL, ModelView):
    "Service of a bike, with getters that return another type than the field has"
    __name__ = "bespoke.service"

    name = fields.Char("Name")
    wheels = fields.Function(fields.Integer("Wheels"), "get_loosely")
    hours = fields.Function(fields.Integer("Hours"), "get_loosely")
    cost = fields.Function(fields.Numeric("Cost"), "get_loosely")
    begun_on = fields.Function(fields.Date("Begun on"), "get_loosely")
    done_on = fields.Function(fields.Date("Done on"), "get_loosely")
    stage = fields.Function(fields.Selection([("1", "First"), ("2", "Second")], "Stage"), "get_loosely")
    place = fields.Function(fields.Char("Place", required=True), "get_loosely")

    def get_loosely(self, name):
        return {
            "wheels": 3.0,
            "hours": 3.5,
            "cost": 12.5,
            "begun_on": dt.datetime(2026, 11, 28),
            "done_on": dt.datetime(2026, 11, 28, 17, 30),
            "stage": 2,
            # Only of the first it is known.
            "place": "here" if self.name == "first" else None,
        }[name]


def register():
    Pool.register(Party, Sale, Bike, BikeAgain, Service, module="bespoke", type_="model")
