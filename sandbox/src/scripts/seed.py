"""Fill an initialised database with demo data: seed.py CONFIG DATABASE PASSWORD small|large.

The same data every time and on every series. Whatever needs a module that is not activated is left out.
Records are created in bulk through the models themselves; only the states of the sales take the buttons' way.
"""
import datetime as dt
import random
import sys
import unicodedata
from decimal import Decimal
from itertools import product as combinations

import names
import trytond.config

CONFIG, DATABASE, PASSWORD, SIZE = sys.argv[1:]
# Up to series 7.0 the configuration is an object of the same name inside the module.
(trytond.config if hasattr(trytond.config, "update_etc") else trytond.config.config).update_etc(CONFIG)

from trytond.model import ModelStorage  # noqa: E402: trytond reads its configuration at import
from trytond.pool import Pool  # noqa: E402
from trytond.transaction import Transaction  # noqa: E402

LARGE = SIZE == "large"
PARTIES = 1_000 if LARGE else len(names.PARTIES)
PRODUCTS = 100 if LARGE else len(names.PRODUCTS)
SALES = 1_000 if LARGE else 50
# Tryton checks uniqueness with one condition a record, of which SQLite takes fewer than 100.
BATCH = 25
TODAY = dt.date(2026, 9, 30)
FISCAL_YEARS = range(2025, 2031)
TAX_RATE = Decimal("0.19")
# One letter a sale, over and over: draft, quotation, confirmed, processing, cancelled.
STATES = "DPQCDQPCQDPDQCPQDCPX"


def main():
    Pool.start()
    pool = Pool(DATABASE)
    pool.init()
    with Transaction().start(DATABASE, 0):
        admin, = pool.get("res.user").search([("login", "=", "admin")])
        uid = admin.id
    # Nobody else has this database open, and on SQLite a lock means to begin the transaction anew.
    Transaction.lock_table = Transaction.lock_records = lambda *_: None
    if LARGE:
        # More of what the small seed is made of, which Tryton has validated: that would take three times as long.
        ModelStorage._validate = classmethod(lambda cls, records, field_names=None: None)
    with Transaction().start(DATABASE, uid) as transaction:
        seed = Seed(pool)
        seed.run()
        transaction.commit()


def report(what, done=None, of=None):
    print(what if of is None else f"{what} {done} of {of}", flush=True)


def batches(values, size=BATCH):
    for start in range(0, len(values), size):
        yield start, values[start:start + size]


class Seed:
    """The records made so far, each step building on those before it."""

    def __init__(self, pool):
        self.pool = pool
        self.random = random.Random(2026)
        self.models = {name for name, _ in pool.iterobject()}

    def run(self):
        self.limited_user()
        if "party.party" not in self.models:
            return
        self.countries()
        if "company.company" in self.models:
            self.company()
        with Transaction().set_context(**self.context()):
            self.parties()
            if "account.account" in self.models:
                self.chart_of_accounts()
                self.fiscal_years()
                self.tax()
            if "account.invoice.payment_term" in self.models:
                self.payment_terms()
            if "product.product" in self.models:
                self.categories()
                self.products()
            if "sale.sale" in self.models:
                self.sales()
            self.deactivate_parties()

    def get(self, name):
        return self.pool.get(name)

    def xml_id(self, module, name):
        return self.get("ir.model.data").get_id(module, name)

    def create(self, model, values, what=None):
        """Create in batches and return the records."""
        Model = self.get(model)
        records = []
        for start, batch in batches(values):
            records.extend(Model.create(batch))
            if what and len(values) > BATCH:
                report(what, start + len(batch), len(values))
        return records

    def context(self):
        if "company.company" not in self.models:
            return {}
        return {
            "company": self.company_id,
            "companies": [self.company_id],
            "employee": self.employee_id,
            "employees": [self.employee_id],
        }

    def limited_user(self):
        self.create("res.user", [{"name": "Limited User", "login": "limited", "password": PASSWORD}])

    def countries(self):
        report("countries")
        values = [{"code": code, "name": name} for code, name in names.COUNTRIES]
        self.country = {c.code: c.id for c in self.create("country.country", values)}
        languages = self.get("ir.lang").search([])
        self.language = {lang.code: lang.id for lang in languages}

    def company(self):
        report("company")
        currencies = [
            {"name": "Euro", "code": "EUR", "numeric_code": "978", "symbol": "€"},
            {"name": "US Dollar", "code": "USD", "numeric_code": "840", "symbol": "$"},
        ]
        for values, rate in zip(currencies, ["1", "1.25"]):
            values["rounding"] = Decimal("0.01")
            values["digits"] = 2
            values["rates"] = [("create", [{"date": dt.date(2025, 1, 1), "rate": Decimal(rate)}])]
        euro, _ = self.create("currency.currency", currencies)
        self.currency_id = euro.id
        name, *address = names.COMPANY
        party, person = self.create("party.party", [
            {"name": name, "addresses": [("create", [self.address(*address)])]},
            {"name": names.EMPLOYEE},
        ])
        company, = self.create("company.company", [{"party": party.id, "currency": euro.id}])
        employee, = self.create("company.employee", [{"party": person.id, "company": company.id}])
        self.company_id, self.employee_id = company.id, employee.id
        User = self.get("res.user")
        User.write([User(Transaction().user)], {
            "companies": [("add", [company.id])],
            "company": company.id,
            "employees": [("add", [employee.id])],
            "employee": employee.id,
        })

    def address(self, street, postal_code, city, country):
        return {"street": street, "postal_code": postal_code, "city": city, "country": self.country[country]}

    def parties(self):
        chosen = list(names.PARTIES)
        firms = list(combinations(names.SURNAMES, names.TRADES))
        self.random.shuffle(firms)
        for number, (surname, trade) in enumerate(firms[:PARTIES - len(chosen)]):
            street = f"{self.random.choice(names.STREETS)} {number % 140 + 1}"
            chosen.append((f"{surname} {trade}", street, *names.CITIES[number % len(names.CITIES)]))
        chosen = chosen[:PARTIES]
        values = [self.party(number, *party) for number, party in enumerate(chosen)]
        report("parties")
        self.customers = self.create("party.party", values, "parties")

    def party(self, number, name, street, postal_code, city, country, language):
        addresses = [self.address(street, postal_code, city, country)]
        if number % 6 == 1:
            addresses.append(self.address("Warehouse 2", postal_code, city, country))
        values = {"name": name, "addresses": [("create", addresses)]}
        mechanisms = list(self.contact_mechanisms(number, name))
        if mechanisms:
            values["contact_mechanisms"] = [("create", mechanisms)]
        if language in self.language:
            values["lang"] = self.language[language]
        return values

    def contact_mechanisms(self, number, name):
        ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
        domain = "-".join("".join(c if c.isalnum() else " " for c in ascii_name).lower().split())
        if number % 5 != 4:
            yield {"type": "email", "value": f"office@{domain}.example.com"}
        if number % 3 == 0:
            yield {"type": "phone", "value": f"+49 40 5550 {number:04}"}
        if number % 4 == 2:
            yield {"type": "mobile", "value": f"+49 170 5551 {number:04}"}
        if number % 7 == 0:
            yield {"type": "website", "value": f"https://{domain}.example.com"}

    def deactivate_parties(self):
        # At the end, so that some of them have sales of their own.
        Party = self.get("party.party")
        gone = self.customers[7::9]
        Party.write(gone, {"active": False})

    def chart_of_accounts(self):
        report("chart of accounts")
        CreateChart = self.pool.get("account.create_chart", type="wizard")
        session, _, _ = CreateChart.create()
        template = self.xml_id("account", "account_template_root_en")
        CreateChart.execute(session, {
            "account": {"company": self.company_id, "account_template": template},
        }, "create_account")
        self.account = {}
        Account = self.get("account.account")
        for kind in ["receivable", "payable", "revenue", "expense"]:
            accounts = Account.search([
                (f"type.{kind}", "=", True),
                ("company", "=", self.company_id),
                ("closed", "!=", True),
            ], order=[("code", "ASC"), ("id", "ASC")], limit=1)
            self.account[kind] = accounts[0].id
        properties = {
            "company": self.company_id,
            "account_receivable": self.account["receivable"],
            "account_payable": self.account["payable"],
        }
        for kind in ["expense", "revenue"]:
            field = f"category_account_{kind}"
            if field in self.get("account.create_chart.properties")._fields:
                properties[field] = self.account[kind]
        CreateChart.execute(session, {"properties": properties}, "create_properties")
        CreateChart.delete(session)

    def fiscal_years(self):
        report("fiscal years")
        FiscalYear = self.get("account.fiscalyear")
        # The sequence of the moves became strict and lost its prefix after series 7.0.
        strict = "move_sequence" in FiscalYear._fields
        move_field = "move_sequence" if strict else "post_move_sequence"
        move_model = "ir.sequence.strict" if strict else "ir.sequence"
        values = []
        for year in FISCAL_YEARS:
            values.append({
                "name": str(year),
                "start_date": dt.date(year, 1, 1),
                "end_date": dt.date(year, 12, 31),
                "company": self.company_id,
                move_field: self.sequence(move_model, "account", "account_move", year),
            })
            if "account.invoice" in self.models:
                invoice = self.sequence("ir.sequence.strict", "account_invoice", "account_invoice", year)
                values[-1]["invoice_sequences"] = [("create", [{
                    "company": self.company_id,
                    "in_invoice_sequence": invoice,
                    "in_credit_note_sequence": invoice,
                    "out_invoice_sequence": invoice,
                    "out_credit_note_sequence": invoice,
                }])]
        FiscalYear.create_period(self.create("account.fiscalyear", values))

    def sequence(self, model, module, kind, year):
        sequence, = self.create(model, [{
            "name": str(year),
            "sequence_type": self.xml_id(module, f"sequence_type_{kind}"),
            "company": self.company_id,
        }])
        return sequence.id

    def tax(self):
        name = f"VAT {TAX_RATE:.0%}"
        tax, = self.create("account.tax", [{
            "name": name,
            "description": name,
            "type": "percentage",
            "rate": TAX_RATE,
            "company": self.company_id,
            "invoice_account": self.account["payable"],
            "credit_note_account": self.account["payable"],
        }])
        self.tax_id = tax.id

    def payment_terms(self):
        terms = [("Direct", 0), ("30 days", 30)]
        self.terms = self.create("account.invoice.payment_term", [{
            "name": name,
            "lines": [("create", [{
                "type": "remainder",
                "relativedeltas": [("create", [{"days": days, "months": 0, "weeks": 0}])],
            }])],
        } for name, days in terms])

    def categories(self):
        report("product categories")
        self.category = {}
        for name, parent in names.CATEGORIES:
            category, = self.create("product.category", [{"name": name, "parent": self.category.get(parent)}])
            self.category[name] = category.id
        if "account.account" in self.models and "accounting" in self.get("product.category")._fields:
            accounting, = self.create("product.category", [{
                "name": "Standard rate",
                "accounting": True,
                "account_revenue": self.account["revenue"],
                "account_expense": self.account["expense"],
                "customer_taxes": [("add", [self.tax_id])],
            }])
            self.category["accounting"] = accounting.id

    def products(self):
        chosen = list(names.PRODUCTS)
        made = [(*article, finish) for finish, article in combinations(names.FINISHES, names.ARTICLES)]
        for number, (article, category, price, finish) in enumerate(made[:PRODUCTS - len(chosen)]):
            cost = f"{Decimal(price) / 2:.4f}"
            chosen.append((f"A-{number + 1:03}", f"{article}, {finish}", category, "goods", "unit", price, cost))
        values = [self.product_template(*product) for product in chosen]
        report("products")
        templates = self.create("product.template", values, "products")
        self.articles = [template.products[0] for template in templates]

    def product_template(self, code, name, category, kind, unit, list_price, cost_price):
        fields = self.get("product.template")._fields
        unit = self.xml_id("product", f"uom_{unit}")
        values = {
            "name": name,
            "code": code,
            "type": kind,
            "default_uom": unit,
            "list_price": Decimal(list_price),
            "categories": [("add", [self.category[category]])],
            "products": [("create", [{"cost_price": Decimal(cost_price)}])],
        }
        if "accounting" in self.category:
            values["account_category"] = self.category["accounting"]
        for use, flag in [("sale", "salable"), ("purchase", "purchasable")]:
            if f"{use}_uom" in fields:
                values[flag] = True
                values[f"{use}_uom"] = unit
        return values

    def sales(self):
        # What trytond itself dates with the day on which it runs is to be the same every time.
        self.get("ir.date").today = staticmethod(lambda timezone=None: TODAY)
        values = [self.sale(number) for number in range(SALES)]
        report("sales")
        sales = self.create("sale.sale", values, "sales")
        Sale = self.get("sale.sale")
        reached = {
            "cancel": [s for s, state in zip(sales, self.states()) if state == "X"],
            "quote": [s for s, state in zip(sales, self.states()) if state in "QCP"],
            "confirm": [s for s, state in zip(sales, self.states()) if state in "CP"],
            "process": [s for s, state in zip(sales, self.states()) if state == "P"],
        }
        for button, concerned in reached.items():
            report(f"sales to {button}")
            # Processing reads everything about every sale of the batch again for each of them:
            # faster than one by one for a few, slower for many.
            for start, batch in batches(concerned, 1 if button == "process" and LARGE else BATCH):
                getattr(Sale, button)(Sale.browse([s.id for s in batch]))
                if len(concerned) > BATCH:
                    report(f"sales to {button}:", start + len(batch), len(concerned))
        self.forget_queue()

    def states(self):
        for number in range(SALES):
            # Processing is slow, so only the first sales of the large seed get that far.
            state = STATES[number % len(STATES)]
            yield "C" if state == "P" and number >= 200 else state

    def forget_queue(self):
        # Confirming puts processing into the queue, but the confirmed sales are to stay confirmed.
        Transaction().tasks.clear()
        Queue = self.get("ir.queue")
        Queue.delete(Queue.search([]))

    def sale(self, number):
        # Everybody in turn, and in another state each time.
        party = self.customers[(number * 7 + number // len(STATES)) % len(self.customers)]
        address = party.addresses[0].id
        lines = 5 if LARGE else 1 + number % 5
        picked = self.random.sample(self.articles, lines)
        date = dt.date(2026, 1, 5) + dt.timedelta(days=number * 265 // SALES)
        return {
            "company": self.company_id,
            "currency": self.currency_id,
            "party": party.id,
            "invoice_address": address,
            "shipment_address": address,
            "payment_term": self.terms[number % len(self.terms)].id if number % 8 else None,
            "sale_date": date if number % 6 else None,
            "reference": f"PO-{4_000 + number * 7}" if number % 3 else None,
            "description": self.random.choice(names.DESCRIPTIONS),
            "comment": self.random.choice(names.COMMENTS),
            "lines": [("create", [self.sale_line(n, article) for n, article in enumerate(picked)])],
        }

    def sale_line(self, number, article):
        quantity = self.random.choice([1, 2, 3, 4, 5, 6, 8, 10, 12, 20, 24])
        if article.default_uom.digits:
            quantity += 0.5
        return {
            "type": "line",
            "sequence": number + 1,
            "product": article.id,
            "quantity": float(quantity),
            "unit": article.default_uom.id,
            "unit_price": article.template.list_price,
            "taxes": [("add", [self.tax_id])],
        }


if __name__ == "__main__":
    main()
