"""What made-up scenarios are drawn from: few values, so that much happens at once."""

MINUTE_S = 60


class Maker:
    """Draws values; `wide` scenarios have more of everything and some chance."""

    def __init__(self, rng, clock, wide):
        self.rng, self.clock, self.wide = rng, clock, wide
        self.step = rng.choice((10, 10, 30, 60))
        self.random = wide and rng.random() < 0.4

    def maybe(self, likely):
        return self.rng.random() < (likely if self.wide else likely / 2)

    def pick(self, *values):
        return self.rng.choice(values)

    def several(self, least, most, likely):
        if not self.wide and self.rng.random() < 0.7:
            return likely
        return self.rng.randint(least, most)

    def some(self, values, likely):
        """Return some of several values, in their order or in any."""
        found = [value for value in values if self.rng.random() < likely]
        if self.rng.random() < 0.2:
            self.rng.shuffle(found)
        return found

    def duration(self, zero=True, longest=60):
        if self.random and self.rng.random() < 0.4:
            low = self.rng.choice((1, 10, 20))
            return f"{low} min to {low + self.rng.choice((10, 40, 90))} min"
        if zero and self.rng.random() < 0.3:
            return "0 min"
        steps = range(self.step, max(longest, self.step) + 1, self.step)
        return f"{self.rng.choice(steps)} min"

    def speed(self):
        return "20 km/h to 50 km/h" if self.random else "30 km/h"

    def moment(self, first, last):
        """Return a local date, so many minutes after the start."""
        minute = self.rng.randrange(first, last + 1, self.step)
        return self.clock.text(minute * MINUTE_S)

    def end(self):
        if self.rng.random() < 0.25:
            return self.moment(120, 900)
        return self.clock.text(self.rng.choice((1, 2, 3)) * 86_400)
