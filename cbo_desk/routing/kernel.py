"""Our own search as loops over whole numbers, which numba makes machine code: a hundred times as many steps.

The same moves as `searching.Search`, over tables instead of objects. `look` answers what `Insertion.best` answers,
place for place (tests/transport/dispatch/test_kernel.py), and remembers it by tour. Everything that is compiled stands
in this one file: numba looks at the file of a function alone to see whether what it kept on disk is still right.

What stands in which column or row is named below; `p` is the problem (`Field`), `b` where the work is done (`Bench`).
Random numbers are drawn by L'Ecuyer's two combined generators and tours are known by a key of 62 bits, so that no
number ever overflows and the loops mean the same uncompiled.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from cbo_desk.routing.compiling import compiled

Numbers = Any
"""An array of whole numbers."""

NOWHERE = 1 << 60
UNKNOWN = -NOWHERE
MASK = (1 << 62) - 1
NOW, NEXT, BEST = 0, 1, 2
EARLY, LATE, SERVICE, SIGN = 0, 1, 2, 3
LONGEST, PRICE, HELD, ORDER = 0, 1, 2, 3
OPENS, CLOSES, DUTY, FIXED, PER_KM, RESTS, KIND = 0, 1, 2, 3, 4, 5, 6
TRIAL, TIMES, FLOORS, BOARDED, REST_AT, ADD, LATER, GONE, OUT, BOARDS, OFTEN = range(11)
LEAVES, DUE, DRIVES, LOADS = 0, 1, 2, 3
SIZE, KEY = 0, 1
STOOD, STANDS, RUINED = 0, 1, 2
ONE, TWO, MISSING, ABSENT = 0, 1, 2, 3


class Field(NamedTuple):
    """A problem laid flat: seconds and metres between nodes, then a row for each node, ride and crew."""

    seconds: Numbers
    metres: Numbers
    rested: Numbers
    nodes: Numbers
    rides: Numbers
    crews: Numbers
    amounts: Numbers
    capacity: Numbers
    may: Numbers
    breaks: Numbers
    near: Numbers


class Bench(NamedTuple):
    """Three plans (the present one, the next, the best), what is known of their tours, and room to work in."""

    tours: Numbers
    heads: Numbers
    where: Numbers
    costs: Numbers
    lanes: Numbers
    stands: Numbers
    marks: Numbers
    tally: Numbers
    slots: Numbers
    known: Numbers
    pool_heads: Numbers
    pool: Numbers


@compiled
def drawn(tally: Numbers) -> float:
    """A random number from 0 up to 1."""
    one = tally[ONE] * 40014 % 2147483563
    two = tally[TWO] * 40692 % 2147483399
    tally[ONE] = one
    tally[TWO] = two
    share: float = ((one - two) % 2147483562) / 2147483562.0
    return share


@compiled
def key_of(nodes: Numbers, kind: int, tours: Numbers, plan: int, crew: int, size: int) -> int:
    """By which a tour of a kind of crew is known."""
    key: int = nodes[len(nodes) - 2 * tours.shape[1] + 2 * kind, SIGN]
    for place in range(size):
        key = (((key << 7) & MASK) | (key >> 55)) ^ nodes[tours[plan, crew, place], SIGN]
    return key


@compiled
def begun(
    seconds: Numbers, rested: Numbers, nodes: Numbers, rides: Numbers, crews: Numbers, breaks: Numbers, lanes: Numbers,
    crew: int, count: int, rests: int,
) -> bool:
    """Whether the trial tour can be driven, with the breaks that have a place; as `timing.begins`, times noted."""
    start = 2 * len(rides) + 2 * crew
    for place in range(count):
        lanes[TIMES, place] = nodes[lanes[TRIAL, place], EARLY]
    departs, last, duty = crews[crew, OPENS], crews[crew, CLOSES], crews[crew, DUTY]
    sweeps = 0
    again = True
    while again:
        again = False
        sweeps += 1
        if sweeps > 2 * count + 4:
            return False
        time = departs
        before = start
        for place in range(count + 1):
            node = lanes[TRIAL, place] if place < count else start + 1
            drive = seconds[before, node]
            for rest in range(rests):
                if lanes[REST_AT, rest] == place:
                    if time > breaks[crew, rest, 1]:
                        return False
                    time = max(time, breaks[crew, rest, 0]) + breaks[crew, rest, 2]
                    drive = rested[before, node]
            time += drive
            if place == count:
                break
            if time < lanes[TIMES, place]:
                time = lanes[TIMES, place]
            if time > nodes[node, LATE]:
                return False
            lanes[TIMES, place] = time
            if node & 1:
                least = time - rides[node >> 1, LONGEST]
                since = lanes[BOARDED, node >> 1]
                if least > lanes[TIMES, since]:
                    lanes[TIMES, since] = least
                    again = True
            else:
                lanes[BOARDED, node >> 1] = place
            time += nodes[node, SERVICE]
            before = node
        if time > last:
            return False
        if duty >= 0 and time - duty > departs:
            departs = time - duty
            again = True
    return True


@compiled
def timely(
    seconds: Numbers, nodes: Numbers, rides: Numbers, crews: Numbers, lanes: Numbers, crew: int, count: int
) -> int:
    """1 where the trial tour holds, 0 where not, 2 where too many turns are needed to say."""
    start = 2 * len(rides) + 2 * crew
    departs, last, duty = crews[crew, OPENS], crews[crew, CLOSES], crews[crew, DUTY]
    for place in range(count):
        lanes[FLOORS, place] = nodes[lanes[TRIAL, place], EARLY]
    turns = 0
    place = 0
    time = departs
    before = start
    while True:
        while place < count:
            node = lanes[TRIAL, place]
            time += seconds[before, node]
            if time < lanes[FLOORS, place]:
                time = lanes[FLOORS, place]
            if time > nodes[node, LATE]:
                return 0
            lanes[TIMES, place] = time
            if node & 1:
                since = lanes[BOARDED, node >> 1]
                least = time - rides[node >> 1, LONGEST]
                if least > lanes[TIMES, since]:
                    turns += 1
                    if turns > 3 * count:
                        return 2
                    lanes[FLOORS, since] = least
                    place = since
                    if place:
                        before = lanes[TRIAL, place - 1]
                        time = lanes[TIMES, place - 1] + nodes[before, SERVICE]
                    else:
                        before = start
                        time = departs
                    continue
            else:
                lanes[BOARDED, node >> 1] = place
            time += nodes[node, SERVICE]
            before = node
            place += 1
        end = time + seconds[before, start + 1]
        if end > last:
            return 0
        if duty < 0 or end - duty <= departs:
            return 1
        turns += 1
        if turns > 3 * count + 3:
            return 2
        departs = end - duty
        place = 0
        time = departs
        before = start


@compiled
def restful(
    seconds: Numbers, rested: Numbers, nodes: Numbers, rides: Numbers, crews: Numbers, breaks: Numbers, lanes: Numbers,
    crew: int, count: int,
) -> bool:
    """Whether the trial tour can be driven with its crew's breaks, as `timing.rested`."""
    if count == 0:
        return True
    rests = crews[crew, RESTS]
    for rest in range(rests):
        lanes[REST_AT, rest] = -1
    if not begun(seconds, rested, nodes, rides, crews, breaks, lanes, crew, count, 0):
        return False
    start = 2 * len(rides) + 2 * crew
    for rest in range(rests):
        first, final = lanes[TRIAL, 0], lanes[TRIAL, count - 1]
        leaves = lanes[TIMES, 0] - seconds[start, first]
        back = lanes[TIMES, count - 1] + nodes[final, SERVICE] + seconds[final, start + 1]
        if breaks[crew, rest, 0] + breaks[crew, rest, 2] <= leaves or back <= breaks[crew, rest, 1]:
            continue
        aboard = 0
        found = False
        for place in range(count + 1):
            if aboard == 0:
                lanes[REST_AT, rest] = place
                if begun(seconds, rested, nodes, rides, crews, breaks, lanes, crew, count, rests):
                    found = True
                    break
            if place < count:
                aboard += -1 if lanes[TRIAL, place] & 1 else 1
        if not found:
            return False
    return True


@compiled
def settled(p: Field, lanes: Numbers, crew: int, count: int, answer: int) -> bool:
    """Whether a trial tour holds, after what the quick look at it said."""
    if answer == 0:
        return False
    return restful(p.seconds, p.rested, p.nodes, p.rides, p.crews, p.breaks, lanes, crew, count)


@compiled
def stand(p: Field, b: Bench, plan: int, crew: int) -> bool:
    """Note how a tour stands, leg by leg; whether it can be driven at all."""
    start = 2 * len(p.rides) + 2 * crew
    nodes, seconds, metres, tours, stands = p.nodes, p.seconds, p.metres, b.tours, b.stands
    size = b.heads[plan, crew, SIZE]
    time = p.crews[crew, OPENS]
    before = start
    stands[crew, LEAVES, 0] = time
    for place in range(size):
        node = tours[plan, crew, place]
        stands[crew, DRIVES, place] = metres[before, node]
        time = max(time + seconds[before, node], nodes[node, EARLY])
        if time > nodes[node, LATE]:
            return False
        time += nodes[node, SERVICE]
        stands[crew, LEAVES, place + 1] = time
        before = node
    stands[crew, DRIVES, size] = metres[before, start + 1]
    latest = p.crews[crew, CLOSES]
    if time + seconds[before, start + 1] > latest:
        return False
    stands[crew, DUE, size] = latest
    after = start + 1
    for place in range(size - 1, -1, -1):
        node = tours[plan, crew, place]
        latest = min(latest - seconds[node, after] - nodes[node, SERVICE], nodes[node, LATE])
        stands[crew, DUE, place] = latest
        after = node
    for room in range(p.capacity.shape[1]):
        free = p.capacity[crew, room]
        stands[crew, LOADS + room, 0] = free
        for place in range(size):
            node = tours[plan, crew, place]
            takes = p.amounts[node >> 1, room]
            free += takes if node & 1 else -takes
            stands[crew, LOADS + room, place + 1] = free
    return True


@compiled
def fits(amounts: Numbers, stands: Numbers, crew: int, leg: int, task: int) -> bool:
    """Whether there is room for a ride on one leg."""
    for room in range(amounts.shape[1]):
        takes = amounts[task, room]
        if takes and takes > stands[crew, LOADS + room, leg]:
            return False
    return True


@compiled
def timely_with(
    seconds: Numbers, nodes: Numbers, rides: Numbers, crews: Numbers, tours: Numbers, lanes: Numbers,
    plan: int, crew: int, size: int, task: int, up: int, down: int,
) -> int:
    """What `timely` says of a tour with a task more."""
    for place in range(up):
        lanes[TRIAL, place] = tours[plan, crew, place]
    lanes[TRIAL, up] = 2 * task
    for place in range(up, down):
        lanes[TRIAL, place + 1] = tours[plan, crew, place]
    lanes[TRIAL, down + 1] = 2 * task + 1
    for place in range(down, size):
        lanes[TRIAL, place + 2] = tours[plan, crew, place]
    return timely(seconds, nodes, rides, crews, lanes, crew, size + 2)


@compiled
def best_places(p: Field, b: Bench, plan: int, crew: int, task: int) -> tuple[int, int]:
    """Metres more at least, and where; NOWHERE where it does not fit. The tour must stand."""
    best, way = NOWHERE, 0
    if not p.may[crew, task]:
        return best, way
    seconds, metres, nodes, tours, stands, lanes = p.seconds, p.metres, p.nodes, b.tours, b.stands, b.lanes
    amounts, rides, crews, rests = p.amounts, p.rides, p.crews, p.crews[crew, RESTS]
    size = b.heads[plan, crew, SIZE]
    a, z = 2 * task, 2 * task + 1
    start = 2 * len(p.rides) + 2 * crew
    early_a, late_a, service_a = nodes[a, EARLY], nodes[a, LATE], nodes[a, SERVICE]
    early_z, late_z, service_z = nodes[z, EARLY], nodes[z, LATE], nodes[z, SERVICE]
    direct_time = service_a + seconds[a, z]
    direct = metres[a, z]
    lanes[LATER, size + 1] = NOWHERE
    after = start + 1
    for stop in range(size, 0, -1):
        before = tours[plan, crew, stop - 1]
        more = NOWHERE
        at = max(stands[crew, LEAVES, stop] + seconds[before, z], early_z)
        if at <= late_z and at + service_z + seconds[z, after] <= stands[crew, DUE, stop]:
            more = metres[before, z] + metres[z, after] - stands[crew, DRIVES, stop]
        lanes[ADD, stop] = more
        lanes[LATER, stop] = min(lanes[LATER, stop + 1], more)
        after = before
    before = start
    for up in range(size + 1):
        leaves = stands[crew, LEAVES, up]
        if leaves > late_a:
            break
        after = start + 1 if up == size else tours[plan, crew, up]
        at = max(leaves + seconds[before, a], early_a)
        if at > late_a or not fits(amounts, stands, crew, up, task):
            before = after
            continue
        drives = stands[crew, DRIVES, up]
        to = metres[before, a]
        more = to + direct + metres[z, after] - drives
        if more < best:
            arrives = max(at + direct_time, early_z)
            if arrives <= late_z and arrives + service_z + seconds[z, after] <= stands[crew, DUE, up]:
                answer = timely_with(seconds, nodes, rides, crews, tours, lanes, plan, crew, size, task, up, up)
                if (answer == 1 and not rests) or (answer and settled(p, lanes, crew, size + 2, answer)):
                    best, way = more, (up << 12) | up
        if up == size:
            break
        alone = to + metres[a, after] - drives
        if alone + lanes[LATER, up + 1] < best:
            now = at + service_a + seconds[a, after]
            for stop in range(up + 1, size + 1):
                node = tours[plan, crew, stop - 1]
                now = max(now, nodes[node, EARLY])
                if now > stands[crew, DUE, stop - 1] or alone + lanes[LATER, stop] >= best:
                    break
                if not fits(amounts, stands, crew, stop, task):
                    break
                left = now + nodes[node, SERVICE]
                next_one = start + 1 if stop == size else tours[plan, crew, stop]
                more = alone + lanes[ADD, stop]
                if more < best:
                    arrives = max(left + seconds[node, z], early_z)
                    if (
                        arrives <= late_z
                        and arrives + service_z + seconds[z, next_one] <= stands[crew, DUE, stop]
                    ):
                        answer = timely_with(
                            seconds, nodes, rides, crews, tours, lanes, plan, crew, size, task, up, stop
                        )
                        if (answer == 1 and not rests) or (answer and settled(p, lanes, crew, size + 2, answer)):
                            best, way = more, (up << 12) | stop
                now = left + seconds[node, next_one]
        before = after
    return best, way


@compiled
def look(p: Field, b: Bench, plan: int, crew: int, slot: int, task: int) -> None:
    """Find out what a task costs a tour at least, and remember it."""
    key = b.heads[plan, crew, KEY]
    if b.slots[slot] != key:
        b.slots[slot] = key
        for other in range(b.known.shape[1]):
            b.known[slot, other] = UNKNOWN
    if b.marks[crew, STOOD] != key:
        b.marks[crew, STOOD] = key
        b.marks[crew, STANDS] = 1 if stand(p, b, plan, crew) else 0
    more, way = NOWHERE, 0
    if b.marks[crew, STANDS]:
        more, way = best_places(p, b, plan, crew, task)
    b.known[slot, task] = NOWHERE if more >= NOWHERE else (more << 24) | way


@compiled
def cost_of(p: Field, b: Bench, plan: int, crew: int) -> int:
    """What a tour costs, in thousandths of a cent."""
    size = b.heads[plan, crew, SIZE]
    if size == 0:
        return 0
    start = 2 * len(p.rides) + 2 * crew
    length = 0
    before = start
    for place in range(size):
        node = b.tours[plan, crew, place]
        length += p.metres[before, node]
        before = node
    cost: int = p.crews[crew, FIXED] + p.crews[crew, PER_KM] * (length + p.metres[before, start + 1])
    return cost


@compiled
def put(p: Field, b: Bench, plan: int, crew: int, task: int, way: int) -> None:
    """Put a task where it was found to cost least (`way` as `look` remembers it)."""
    up, down = way >> 12 & 4095, way & 4095
    tours, size = b.tours, b.heads[plan, crew, SIZE]
    for place in range(size - 1, down - 1, -1):
        tours[plan, crew, place + 2] = tours[plan, crew, place]
    tours[plan, crew, down + 1] = 2 * task + 1
    for place in range(down - 1, up - 1, -1):
        tours[plan, crew, place + 1] = tours[plan, crew, place]
    tours[plan, crew, up] = 2 * task
    b.heads[plan, crew, SIZE] = size + 2
    b.heads[plan, crew, KEY] = key_of(p.nodes, p.crews[crew, KIND], tours, plan, crew, size + 2)
    b.where[plan, task] = crew


@compiled
def copy(b: Bench, source: int, target: int) -> None:
    """Make one plan like another."""
    heads, tours, where = b.heads, b.tours, b.where
    for crew in range(heads.shape[1]):
        size = heads[source, crew, SIZE]
        if heads[source, crew, KEY] == heads[target, crew, KEY] and size == heads[target, crew, SIZE]:
            continue
        for place in range(size):
            tours[target, crew, place] = tours[source, crew, place]
        heads[target, crew, SIZE] = size
        heads[target, crew, KEY] = heads[source, crew, KEY]
    for task in range(where.shape[1]):
        where[target, task] = where[source, task]
    b.costs[target] = b.costs[source]


@compiled
def string_out(p: Field, b: Bench, crew: int, task: int, most: float) -> None:
    """Mark a string of rides of a tour as out."""
    size, lanes, tally = b.heads[NEXT, crew, SIZE], b.lanes, b.tally
    boarding = 0
    at = 0
    for place in range(size):
        node = b.tours[NEXT, crew, place]
        if not node & 1 and not p.rides[node >> 1, HELD]:
            if node >> 1 == task:
                at = boarding
            lanes[TRIAL, boarding] = node >> 1
            boarding += 1
    length = min(max(1, int(drawn(tally) * min(size / 2, most) + 1)), boarding)
    spare = 0
    if drawn(tally) < 0.5:
        while length + spare < boarding and drawn(tally) > 0.5:
            spare += 1
    low, high = max(0, at - length - spare + 1), min(at, boarding - length - spare)
    first = low + int(drawn(tally) * (high - low + 1))
    kept = int(drawn(tally) * (length + 1)) if spare else length
    for number in range(length + spare):
        if number < kept or number >= kept + spare:
            lanes[OUT, lanes[TRIAL, first + number]] = 1


@compiled
def take_out(p: Field, b: Bench, crew: int) -> None:
    """Take those marked out of a tour of the next plan."""
    size, lanes, tours = b.heads[NEXT, crew, SIZE], b.lanes, b.tours
    more = -cost_of(p, b, NEXT, crew)
    left = 0
    for place in range(size):
        node = tours[NEXT, crew, place]
        task = node >> 1
        if lanes[OUT, task]:
            if node & 1:
                lanes[OUT, task] = 0
                b.where[NEXT, task] = -1
                more += p.rides[task, PRICE]
                lanes[GONE, b.tally[MISSING]] = task
                b.tally[MISSING] += 1
        else:
            tours[NEXT, crew, left] = node
            left += 1
    b.heads[NEXT, crew, SIZE] = left
    b.heads[NEXT, crew, KEY] = key_of(p.nodes, p.crews[crew, KIND], tours, NEXT, crew, left)
    b.costs[NEXT] += more + cost_of(p, b, NEXT, crew)


@compiled
def remove(p: Field, b: Bench, removed: float, string: float) -> None:
    """Take strings of rides out of a few tours near a ride, as `Search` does."""
    tasks = len(p.rides)
    lanes, tally = b.lanes, b.tally
    used = 0
    total = 0
    placed = 0
    tally[MISSING] = 0
    for crew in range(b.heads.shape[1]):
        if b.heads[NEXT, crew, SIZE]:
            used += 1
            total += b.heads[NEXT, crew, SIZE]
        b.marks[crew, RUINED] = 0
    for task in range(tasks):
        if b.where[NEXT, task] < 0:
            lanes[GONE, tally[MISSING]] = task
            tally[MISSING] += 1
        elif not p.rides[task, HELD]:
            lanes[BOARDS, placed] = task
            placed += 1
    if placed == 0:
        return
    longest = min(string, total / 2 / used)
    strings = max(1, int(drawn(tally) * (4 * removed / (1 + longest) - 1) + 1))
    seed = lanes[BOARDS, int(drawn(tally) * placed)]
    for number in range(tasks):
        task = p.near[seed, number]
        crew = b.where[NEXT, task]
        if crew < 0 or p.rides[task, HELD] or b.marks[crew, RUINED]:
            continue
        b.marks[crew, RUINED] = 1
        string_out(p, b, crew, task, longest)
        take_out(p, b, crew)
        strings -= 1
        if strings == 0:
            break


@compiled
def arrange(rides: Numbers, lanes: Numbers, tally: Numbers) -> None:
    """The order in which rides come back."""
    count = tally[MISSING]
    for number in range(count - 1, 0, -1):
        other = int(drawn(tally) * (number + 1))
        task = lanes[GONE, number]
        lanes[GONE, number] = lanes[GONE, other]
        lanes[GONE, other] = task
    way = drawn(tally) * 11
    order = ORDER
    if way < 2:
        order += 1
    elif way < 4:
        order += 2
    elif way < 5:
        order += 3
    elif way < 7:
        order += 4
    for number in range(1, count):
        task = lanes[GONE, number]
        other = number - 1
        while other >= 0 and rides[lanes[GONE, other], order] > rides[task, order]:
            lanes[GONE, other + 1] = lanes[GONE, other]
            other -= 1
        lanes[GONE, other + 1] = task


@compiled
def first_free(crews: Numbers, heads: Numbers, crew: int) -> bool:
    """Whether no crew before this one, and like it, stays at home too."""
    for other in range(crews[crew, KIND], crew):
        if crews[other, KIND] == crews[crew, KIND] and heads[NEXT, other, SIZE] == 0:
            return False
    return True


@compiled
def insert(p: Field, b: Bench, blink: float, fleet: int) -> None:
    """Put back whoever fits, each where it costs least."""
    crews, heads, known, slots, tally = p.crews, b.heads, b.known, b.slots, b.tally
    arrange(p.rides, b.lanes, tally)
    used = 0
    for crew in range(len(crews)):
        if heads[NEXT, crew, SIZE]:
            used += 1
    absent = 0
    for number in range(tally[MISSING]):
        task = b.lanes[GONE, number]
        best, chosen, way = NOWHERE, -1, 0
        for crew in range(len(crews)):
            empty = heads[NEXT, crew, SIZE] == 0
            if empty:
                if used >= fleet or not first_free(crews, heads, crew):
                    continue
            elif blink > 0 and drawn(tally) < blink:
                continue
            key = heads[NEXT, crew, KEY]
            slot = key & (len(slots) - 1)
            if slots[slot] != key or known[slot, task] == UNKNOWN:
                look(p, b, NEXT, crew, slot, task)
            more = known[slot, task]
            if more >= NOWHERE:
                continue
            cost = (more >> 24) * crews[crew, PER_KM] + (crews[crew, FIXED] if empty else 0)
            if cost < best:
                best, chosen, way = cost, crew, more
        if chosen < 0:
            absent += 1
            continue
        if heads[NEXT, chosen, SIZE] == 0:
            used += 1
        put(p, b, NEXT, chosen, task, way)
        b.costs[NEXT] += best - p.rides[task, PRICE]
    tally[ABSENT] = absent


@compiled
def remember(p: Field, b: Bench) -> None:
    """Keep the tours of the next plan that the present one has not, for combining."""
    heads, pool_heads, pool = b.heads, b.pool_heads, b.pool
    for crew in range(heads.shape[1]):
        size, key = heads[NEXT, crew, SIZE], heads[NEXT, crew, KEY]
        if size == 0 or size > pool.shape[1] or key == heads[NOW, crew, KEY]:
            continue
        slot = key % len(pool)
        if pool_heads[slot, KEY] == key:
            continue
        pool_heads[slot, KEY] = key
        pool_heads[slot, SIZE] = size
        pool_heads[slot, 2] = p.crews[crew, KIND]
        for place in range(size):
            pool[slot, place] = b.tours[NEXT, crew, place]


@compiled
def anneal(p: Field, b: Bench, steps: int, heat: float, removed: float, string: float, blink: float, fleet: int) -> int:
    """So many steps of simulated annealing at one heat; how often the best plan was bettered."""
    better = 0
    for _ in range(steps):
        copy(b, NOW, NEXT)
        remove(p, b, removed, string)
        insert(p, b, blink, fleet)
        more = b.costs[NEXT] - b.costs[NOW]
        if more <= 0 or more < -heat * math.log(1 - drawn(b.tally)):
            if more != 0:
                remember(p, b)
            copy(b, NEXT, NOW)
            if b.costs[NOW] < b.costs[BEST]:
                copy(b, NOW, BEST)
                better += 1
    return better


@compiled
def save(p: Field, b: Bench, steps: int, allowed: int, fleet: int, removed: float, string: float, blink: float) -> bool:
    """Steps towards a plan that leaves no more out than allowed, whoever is hard to place first."""
    where, lanes = b.where, b.lanes
    for _ in range(steps):
        copy(b, NOW, NEXT)
        remove(p, b, removed, string)
        insert(p, b, blink, fleet)
        if b.tally[ABSENT] <= allowed:
            copy(b, NEXT, NOW)
            return True
        hard = 0
        harder = 0
        fewer = 0
        for task in range(where.shape[1]):
            if where[NEXT, task] < 0:
                lanes[OFTEN, task] += 1
                fewer -= 1
            if where[NOW, task] < 0:
                fewer += 1
        for task in range(where.shape[1]):
            if where[NEXT, task] < 0:
                hard += lanes[OFTEN, task]
            if where[NOW, task] < 0:
                harder += lanes[OFTEN, task]
        if fewer > 0 or hard < harder or (hard == harder and b.costs[NEXT] < b.costs[NOW]):
            remember(p, b)
            copy(b, NEXT, NOW)
    return False
