use crate::series::Series;

/// A model by name. Every model that a relation can lead to has one, selected or not.
pub trait ModelName: 'static {
    /// Tryton's technical name, like `sale.line`.
    const NAME: &'static str;

    /// The series of the server whose snapshot the model was generated from, where that is known. A client that meets a server
    /// of another series says so in its log.
    const SERIES: Option<Series> = None;
}
