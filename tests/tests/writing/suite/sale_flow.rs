//! From an empty database to a processed sale, as the sale module's own scenario goes.

use tryton_sandbox::{Sandbox, Seed, Series};
use tryton_sdk::action::{Action, WizardOf};
use tryton_sdk::{Client, Date, Decimal, Draft, Id, Projection, Records, Wizard};

use super::SERIES;
use super::erp::*;

#[derive(Debug, Projection)]
#[tryton(model = Sale)]
struct Processed {
    id: Id<Sale>,
    state: SaleState,
    shipment_state: SaleShipmentState,
    invoice_state: SaleInvoiceState,
    #[tryton(expect)]
    untaxed_amount: Decimal,
    #[tryton(expect)]
    tax_amount: Decimal,
    #[tryton(expect)]
    total_amount: Decimal,
    lines: Vec<Line>,
    shipments: Vec<Shipment>,
    invoices: Vec<Invoice>,
}

#[derive(Debug, Projection)]
#[tryton(model = SaleLine)]
struct Line {
    r#type: SaleLineType,
    quantity: Option<f64>,
    amount: Option<Decimal>,
}

#[derive(Debug, Projection)]
#[tryton(model = StockShipmentOut)]
struct Shipment {
    id: Id<StockShipmentOut>,
    outgoing_moves: Vec<Id<StockMove>>,
}

#[derive(Debug, Projection)]
#[tryton(model = AccountInvoice)]
struct Invoice {
    #[tryton(path = "currency.code")]
    currency: String,
    lines: Vec<InvoiceLine>,
}

#[derive(Debug, Projection)]
#[tryton(model = AccountInvoiceLine)]
struct InvoiceLine {
    product: Option<Id<Product>>,
}

/// What became of the moves of a line that were cancelled.
#[derive(Debug, Projection)]
#[tryton(model = SaleLine)]
struct Handled {
    moves_recreated: Vec<Id<StockMove>>,
    moves_ignored: Vec<Id<StockMove>>,
}

#[tokio::test]
async fn a_sale_goes_from_nothing_to_processing() {
    let server = Sandbox::new(SERIES).seed(Seed::None).start().unwrap_or_else(|e| panic!("{e}"));
    let at = server.endpoint();
    let admin = at.client().build();
    let admin = &admin.expect("built");
    let company = company(admin).await;
    let tryton = &admin.with(admin.user_context().await.expect("the user's context"));

    let accounts = chart_of_accounts(tryton, company).await;
    let tax = tax(tryton, accounts.tax).await;
    let product = product(tryton, &accounts, tax).await;
    let (customer, address) = customer(tryton).await;
    let at_once = Draft::new().add(
        AccountInvoicePaymentTerm::F.lines,
        [Draft::new().set(AccountInvoicePaymentTermLine::F.r#type, AccountInvoicePaymentTermLineType::Remainder)],
    );
    let at_once = at_once.set(AccountInvoicePaymentTerm::F.name, "At once");
    let at_once = AccountInvoicePaymentTerm::create(tryton, at_once).await.expect("a payment term");

    let comment = Draft::new().set(SaleLine::F.r#type, SaleLineType::Comment).set(SaleLine::F.description, "Comment");
    let sale = Sale::defaults(tryton).await.expect("defaults");
    let sale = sale
        .set(Sale::F.party, customer)
        .set(Sale::F.invoice_address, address)
        .set(Sale::F.shipment_address, address)
        .set(Sale::F.payment_term, at_once)
        .set(Sale::F.invoice_method, SaleInvoiceMethod::Order)
        .add(Sale::F.lines, [product.line(2.0, tax), comment, product.line(3.0, tax)]);
    let sale = Sale::create(tryton, sale).await.expect("a sale");

    Sale::quote(tryton, &[sale]).await.expect("quote");
    let quoted = read(tryton, sale).await;
    assert_eq!((quoted.state, quoted.invoices.len()), (SaleState::Quotation, 0));
    assert_eq!(quoted.total_amount, "55.00".parse().expect("a decimal"));
    Sale::confirm(tryton, &[sale]).await.expect("confirm");
    Sale::process(tryton, &[sale]).await.expect("process");

    let sale = read(tryton, sale).await;
    let amounts = [sale.untaxed_amount, sale.tax_amount, sale.total_amount].map(|amount| amount.to_string());
    assert_eq!(amounts, ["50.00", "5.00", "55.00"]);
    assert_eq!((sale.state, sale.shipment_state.as_str()), (SaleState::Processing, "waiting"));
    // The state was called otherwise in 6.0.
    assert_eq!(sale.invoice_state.as_str(), if SERIES >= Series::V7_0 { "pending" } else { "waiting" });
    assert_eq!((sale.shipments.len(), sale.invoices.len()), (1, 1));
    assert_eq!(sale.shipments[0].outgoing_moves.len(), 2);
    let [invoice] = &sale.invoices[..] else { unreachable!("there is one") };
    // Some series take comments to the invoice.
    let invoiced = invoice.lines.iter().filter_map(|line| line.product);
    assert_eq!((invoice.currency.as_str(), invoiced.collect()), ("USD", vec![product.product; 2]));
    // The amount of a comment is nothing to some series, and zero to others.
    let lines = sale.lines.into_iter().map(|line| (line.r#type, line.quantity, line.amount.unwrap_or(0.into())));
    let amount = |text: &str| text.parse::<Decimal>().expect("a decimal");
    assert_eq!(
        lines.collect::<Vec<_>>(),
        [
            (SaleLineType::Line, Some(2.0), amount("20.00")),
            (SaleLineType::Comment, None, amount("0")),
            (SaleLineType::Line, Some(3.0), amount("30.00")),
        ]
    );
    a_wizard_prints_the_invoice(tryton, sale.id).await;
    a_cancelled_shipment_is_handled(tryton, sale.id, &sale.shipments[0]).await;
}

/// The last step of the wizard is a report. 6.0 has no such wizard.
async fn a_wizard_prints_the_invoice(tryton: &Client, sale: Id<Sale>) {
    if SERIES < Series::V7_0 {
        return;
    }
    let invoices = Sale::search().filter(Sale::F.id.is(sale)).select(Sale::F.invoices);
    let invoices: Vec<Id<AccountInvoice>> = invoices.one(tryton).await.expect("read");
    let print = WizardOf::<AccountInvoice>::new("account.invoice.refresh_invoice_report");
    let mut print = print.start(tryton, &invoices).await.expect("start");
    let first = print.first_state().to_owned();
    let step = print.execute(&first).await.expect("the report");
    print.end().await.expect("end");
    let [next] = &step.actions[..] else { panic!("one action: {step:?}") };
    let Action::Report(report) = next.read(tryton).await.expect("read") else { panic!("no report: {next:?}") };
    assert_eq!(report.name(), "account.invoice");
    let invoice = report.execute(tryton).await.expect("the document");
    assert!(invoice.content.starts_with(b"PK") && invoice.name.contains("Invoice"), "{invoice:?}");
}

/// A wizard is filled in with lists of records, and gets back what it showed and was not filled in.
async fn a_cancelled_shipment_is_handled(tryton: &Client, sale: Id<Sale>, shipment: &Shipment) {
    let ask = SaleHandleShipmentExceptionAsk::F;
    let [again, never] = shipment.outgoing_moves[..] else { panic!("{shipment:?}") };
    StockShipmentOut::cancel(tryton, &[shipment.id]).await.expect("cancel");

    let mut wizard = wizard::SALE_HANDLE_SHIPMENT_EXCEPTION.start(tryton, &[sale]).await.expect("start");
    let view = wizard.execute("ask").await.expect("the view").view.expect("a view");
    assert_eq!(view.defaults["domain_moves"].as_array().map(Vec::len), Some(2), "{view:?}");

    wizard.fill("ask", Draft::new().unlink(ask.recreate_moves, [never]));
    let error = wizard.execute("handle").await.expect_err("no list");
    assert!(error.is_invalid_request() && error.to_string().contains("ask.recreate_moves"), "{error}");
    wizard.fill("ask", Draft::new().link(ask.recreate_moves, [again]));
    if SERIES >= Series::V8_0 {
        // Earlier ones ignore all moves that are not to be made again.
        let ignored = Draft::<SaleHandleShipmentExceptionAsk>::new().raw("ignore_moves", serde_json::json!([never]));
        wizard.fill("ask", ignored);
    }
    wizard.execute("handle").await.expect("handled");
    wizard.end().await.expect("end");

    let lines = SaleLine::search().filter(SaleLine::F.sale.is(sale)).order(SaleLine::F.id.asc());
    let lines: Vec<Handled> = lines.fetch(tryton).await.expect("the lines");
    let recreated = lines.iter().flat_map(|line| &line.moves_recreated).collect::<Vec<_>>();
    let ignored = lines.iter().flat_map(|line| &line.moves_ignored).collect::<Vec<_>>();
    assert_eq!((recreated, ignored), (vec![&again], vec![&never]));
}

async fn read(tryton: &Client, sale: Id<Sale>) -> Processed {
    Sale::read(tryton, &[sale]).await.expect("read").pop().expect("the sale")
}

/// A company that keeps its books in dollars, and that the administrator works for.
async fn company(tryton: &Client) -> Id<Company> {
    let rate =
        Draft::new().set(CurrencyRate::F.date, Date::constant(2020, 1, 1)).set(CurrencyRate::F.rate, Decimal::from(1));
    let dollar = Draft::new()
        .set(Currency::F.name, "US Dollar")
        .set(Currency::F.code, "USD")
        .set(Currency::F.symbol, "$")
        .set(Currency::F.rounding, "0.01".parse::<Decimal>().expect("a decimal"))
        .set(Currency::F.digits, 2)
        .add(Currency::F.rates, [rate]);
    let dollar = Currency::create(tryton, dollar).await.expect("a currency");
    let party = Party::create(tryton, Draft::new().set(Party::F.name, "Dunder Mifflin")).await.expect("a party");
    let company = Draft::new().set(Company::F.party, party).set(Company::F.currency, dollar);
    let company = Company::create(tryton, company).await.expect("a company");
    let user = Id::<ResUser>::new(tryton.login().await.expect("login").user_id());
    let employed = Draft::new().link(ResUser::F.companies, [company]).set(ResUser::F.company, company);
    ResUser::write(tryton, &[user], employed).await.expect("the user's company");
    company
}

struct Accounts {
    revenue: Id<Account>,
    expense: Id<Account>,
    tax: Id<Account>,
}

async fn chart_of_accounts(tryton: &Client, company: Id<Company>) -> Accounts {
    let roots = AccountTemplate::search().filter(AccountTemplate::F.parent.is_null());
    let root = roots.select(AccountTemplate::F.id).first(tryton).await.expect("search").expect("a chart");
    let chart = Draft::new()
        .set(AccountCreateChartAccount::F.company, company)
        .set(AccountCreateChartAccount::F.account_template, root);
    let mut wizard = Wizard::start(tryton, "account.create_chart").await.expect("start");
    assert_eq!(wizard.first_state(), "start");
    let step = wizard.execute("account").await.expect("the first view");
    assert_eq!(step.view.expect("a view").state, "account");
    let step = wizard.fill("account", chart).execute("create_account").await.expect("the accounts");
    assert_eq!(step.view.expect("a view").state, "properties");

    let [receivable, payable, revenue, expense] =
        ["receivable", "payable", "revenue", "expense"].map(|kind| account(tryton, format!("type.{kind}")));
    let (receivable, payable, revenue, expense) = (receivable.await, payable.await, revenue.await, expense.await);
    let properties = Draft::new()
        .set(AccountCreateChartProperties::F.company, company)
        .set(AccountCreateChartProperties::F.account_receivable, receivable)
        .set(AccountCreateChartProperties::F.account_payable, payable)
        .set(AccountCreateChartProperties::F.category_account_revenue, revenue)
        .set(AccountCreateChartProperties::F.category_account_expense, expense);
    wizard.fill("properties", properties).execute("create_properties").await.expect("the properties");
    wizard.end().await.expect("end");

    // Its name in 6.0 and 7.0, its code in 8.0 and later.
    let taxes = Account::F.name.is("Main Tax").or(Account::F.code.is("6.3.6"));
    let taxes = Account::search().filter(taxes).select(Account::F.id);
    let tax = taxes.first(tryton).await.expect("search").expect("an account of taxes");
    Accounts { revenue, expense, tax }
}

/// An account whose type has this flag.
async fn account(tryton: &Client, flag: String) -> Id<Account> {
    let domain =
        tryton_sdk::Domain::raw(serde_json::json!([[flag, "=", true], ["closed", "!=", true]])).expect("a domain");
    let search = Account::search().filter(domain).select(Account::F.id);
    search.first(tryton).await.expect("search").unwrap_or_else(|| panic!("no account of {flag}"))
}

async fn tax(tryton: &Client, account: Id<Account>) -> Id<AccountTax> {
    let tax = Draft::new()
        .set(AccountTax::F.name, "Tax 10 %")
        .set(AccountTax::F.description, "Tax 10 %")
        .set(AccountTax::F.r#type, AccountTaxType::Percentage)
        .set(AccountTax::F.rate, "0.10".parse::<Decimal>().expect("a decimal"))
        .set(AccountTax::F.invoice_account, account)
        .set(AccountTax::F.credit_note_account, account);
    AccountTax::create(tryton, tax).await.expect("a tax")
}

struct Sold {
    product: Id<Product>,
    unit: Id<ProductUom>,
}

impl Sold {
    fn line(&self, quantity: f64, tax: Id<AccountTax>) -> Draft<SaleLine> {
        Draft::new()
            .set(SaleLine::F.product, self.product)
            .set(SaleLine::F.quantity, quantity)
            .set(SaleLine::F.unit, self.unit)
            .set(SaleLine::F.unit_price, Decimal::from(10))
            .link(SaleLine::F.taxes, [tax])
    }
}

async fn product(tryton: &Client, accounts: &Accounts, tax: Id<AccountTax>) -> Sold {
    let category = Draft::new()
        .set(ProductCategory::F.name, "Account Category")
        .set(ProductCategory::F.accounting, true)
        .set(ProductCategory::F.account_revenue, accounts.revenue)
        .set(ProductCategory::F.account_expense, accounts.expense)
        .link(ProductCategory::F.customer_taxes, [tax]);
    let category = ProductCategory::create(tryton, category).await.expect("a category");
    let units = ProductUom::search().filter(ProductUom::F.name.is("Unit")).select(ProductUom::F.id);
    let unit = units.one(tryton).await.expect("the unit");
    let template = Draft::new()
        .set(ProductTemplate::F.name, "product")
        .set(ProductTemplate::F.r#type, ProductTemplateType::Goods)
        .set(ProductTemplate::F.default_uom, unit)
        .set(ProductTemplate::F.salable, true)
        .set(ProductTemplate::F.sale_uom, unit)
        .set(ProductTemplate::F.list_price, Decimal::from(10))
        .set(ProductTemplate::F.account_category, category)
        .add(ProductTemplate::F.products, [Draft::new()]);
    let template = ProductTemplate::create(tryton, template).await.expect("a product");
    let products = Product::search().filter(Product::F.template.is(template)).select(Product::F.id);
    Sold { product: products.one(tryton).await.expect("the product"), unit }
}

async fn customer(tryton: &Client) -> (Id<Party>, Id<PartyAddress>) {
    let address = Draft::new().set(PartyAddress::F.city, "Scranton");
    let customer = Draft::new().set(Party::F.name, "Customer").add(Party::F.addresses, [address]);
    let customer = Party::create(tryton, customer).await.expect("a customer");
    let addresses = PartyAddress::search().filter(PartyAddress::F.party.is(customer)).select(PartyAddress::F.id);
    (customer, addresses.one(tryton).await.expect("the address"))
}
