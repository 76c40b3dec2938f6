"""Ways to log in that ask for one more parameter each: a PIN, which is hidden while it is typed, and a badge.

Only users whose names begin with `guarded` are asked, and those not who log in from a device that the server knows by
its cookie.
"""
from trytond.exceptions import LoginException
from trytond.pool import Pool, PoolMeta

PIN = "2468"
BADGE = "A-17"


class User(metaclass=PoolMeta):
    __name__ = "res.user"

    @classmethod
    def _login_pin(cls, login, parameters):
        return cls._second_factor(login, parameters, "pin", PIN, "The PIN of %s" % login, "password")

    @classmethod
    def _login_badge(cls, login, parameters):
        return cls._second_factor(login, parameters, "badge", BADGE, "The number on your badge", "char")

    @classmethod
    def _second_factor(cls, login, parameters, name, expected, message, type):
        Device = Pool().get("res.user.device")
        if login.startswith("guarded") and not Device.get_valid_cookie(login, parameters.get("device_cookie")):
            if name not in parameters:
                raise LoginException(name, message, type=type)
            if parameters[name] != expected:
                return None
        return cls._get_login(login)[0]


def register():
    Pool.register(User, module="second_factor", type_="model")
