"""What buttons and wizards answer with: more to do for the client."""

from . import config as configuration


def launch_action(action, records, context=None, config=None):
    """Does what an action of the server says, named by its XML id or its id."""
    from .model import Model
    config = config or configuration.get_config()
    context = context or {}
    if isinstance(action, str):
        context = config.context
        action = Model.get('ir.model.data', config).get_id(*action.split('.'), context)
    value = config.get_proxy('ir.action').get_action_value(action, context)
    return convert_action(value, records, context=context, config=config)


def convert_action(action, data=None, *, context=None, config=None):
    """Does what an action says. `data` are the records that it is about, or what the server says of them."""
    config = config or configuration.get_config()
    records = None
    if isinstance(data, (list, tuple)):
        records = data
        data = {
            'model': records[0].__class__.__name__, 'id': records[0].id, 'ids': [record.id for record in records],
            }
    do = _DO.get((action or {}).get('type'))
    if do is None:
        return None
    return do(action, records, {**(data or {}), 'action_id': action['id']}, context or {}, config)


def _open_records(action, records, data, context, config):
    from .model import Model
    environment = {
        'active_model': data.get('model'), 'active_id': data.get('id'), 'active_ids': data.get('ids', []),
        **config.context, '_user': config.user,
        }
    wanted = config.ask('pyson', expression=action.get('pyson_context') or '{}', environment=environment)
    environment |= wanted | context
    wanted = wanted | context
    wanted.setdefault('date_format', config.context.get('locale', {}).get('date', '%x'))
    environment['context'] = environment.copy()
    domain = config.ask('pyson', expression=action.get('pyson_domain') or '[]', environment=environment)
    model = Model.get(action.get('res_model', data.get('res_model')), config)
    ids = action.get('res_id', data.get('res_id'))
    with config.reset_context(), config.set_context(wanted):
        if ids is None:
            return model.find(domain)
        return [model(id) for id in ([ids] if isinstance(ids, int) else ids)]


def _start_wizard(action, records, data, context, config):
    from .model import Model
    from .wizard import Wizard
    if records is None and 'model' in data:
        model = Model.get(data['model'], config)
        with config.reset_context(), config.set_context(context):
            records = [model(id) for id in data.get('ids', [])]
    return Wizard(action['wiz_name'], models=records, action=action, config=config, context=context)


def _make_report(action, records, data, context, config):
    from .report import Report
    return Report(action['report_name'], config=config, context=context).execute(data=data)


_DO = {
    'ir.action.act_window': _open_records,
    'ir.action.wizard': _start_wizard,
    'ir.action.report': _make_report,
    'ir.action.url': lambda action, records, data, context, config: action.get('url'),
    }
