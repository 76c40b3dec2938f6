/// A model by name. Every model that a relation can lead to has one, selected or not.
pub trait ModelName: 'static {
    /// Tryton's technical name, like `sale.line`.
    const NAME: &'static str;
}
