"""OR-Tools: knows longest rides, duty and breaks, and polishes routes that are given to it by guided local search."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cbo_desk.routing.problem import Problem, Tours

LEFT_OVER = 10**12
"""What leaving a task out costs, so that none is left out to save a way."""


def solve(
    problem: Problem,
    seconds: float,
    start: Tours | None = None,
    found: Callable[[Tours], bool] | None = None,
) -> Tours:
    """Tours found in so many seconds, begun from `start` if given; `found` hears each better plan, and may say stop."""
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2

    count, crews = len(problem.tasks), len(problem.crews)
    starts = [problem.start(crew) for crew in range(crews)]
    manager = pywrapcp.RoutingIndexManager(2 * count + 2 * crews, crews, starts, [start + 1 for start in starts])
    routing = pywrapcp.RoutingModel(manager)
    _cost(problem, manager, routing)
    time = _time(problem, manager, routing)
    _rooms(problem, manager, routing)
    solver = routing.solver()
    for number, task in enumerate(problem.tasks):
        up, down = manager.NodeToIndex(2 * number), manager.NodeToIndex(2 * number + 1)
        routing.AddPickupAndDelivery(up, down)
        solver.Add(routing.VehicleVar(up) == routing.VehicleVar(down))
        solver.Add(time.CumulVar(up) <= time.CumulVar(down))
        if task.max_ride is not None:
            solver.Add(time.CumulVar(down) - time.CumulVar(up) <= task.boarding + task.max_ride)
        routing.AddDisjunction([up], LEFT_OVER * (1 + task.priority) // 2)
        routing.AddDisjunction([down], LEFT_OVER * (1 + task.priority) // 2)
        if len(task.crews) < crews:
            for index in (up, down):
                routing.VehicleVar(index).SetValues([-1, *sorted(task.crews)])
    parameters = pywrapcp.DefaultRoutingSearchParameters()
    parameters.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    parameters.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    parameters.time_limit.FromMilliseconds(max(int(seconds * 1000), 50))
    if found is not None:
        routing.AddAtSolutionCallback(lambda: _told(problem, manager, routing, solver, found))
    if start:
        routing.CloseModelWithParameters(parameters)
        lists = [[manager.NodeToIndex(node) for node in start.get(crew, ())] for crew in range(crews)]
        given = routing.ReadAssignmentFromRoutes(lists, True)
        answer = routing.SolveFromAssignmentWithParameters(given, parameters) if given is not None else None
        if answer is None:
            return start
    else:
        answer = routing.SolveWithParameters(parameters)
        if answer is None:
            return {}
    return _tours(problem, manager, routing, lambda index: answer.Value(routing.NextVar(index)))


def _cost(problem: Problem, manager: Any, routing: Any) -> None:
    """Metres by the kilometre of each vehicle, and the vehicle for the day."""
    metres, same = problem.metres, {}
    for crew, own in enumerate(problem.crews):
        if own.per_km not in same:
            rows = [[metre * own.per_km for metre in row] for row in metres]
            same[own.per_km] = routing.RegisterTransitMatrix(rows)
        routing.SetArcCostEvaluatorOfVehicle(same[own.per_km], crew)
        routing.SetFixedCostOfVehicle(own.fixed * 1000, crew)


def _time(problem: Problem, manager: Any, routing: Any) -> Any:
    """The dimension of time: windows, hours and duty of the crews, breaks."""
    tasks = 2 * len(problem.tasks)
    shift = min(min(window[0] for window in problem.windows), min(crew.window[0] for crew in problem.crews))
    rows = [
        [second + (problem.service(node) if node < tasks else 0) for second in row]
        for node, row in enumerate(problem.seconds)
    ]
    horizon = max(crew.window[1] for crew in problem.crews) - shift
    routing.AddDimension(routing.RegisterTransitMatrix(rows), horizon, horizon, False, "time")
    time = routing.GetDimensionOrDie("time")
    for node, (early, late) in enumerate(problem.windows):
        time.CumulVar(manager.NodeToIndex(node)).SetRange(max(early - shift, 0), max(min(late - shift, horizon), 0))
    services = [0] * routing.Size()
    for node in range(tasks):
        services[manager.NodeToIndex(node)] = problem.service(node)
    for crew, own in enumerate(problem.crews):
        for index in (routing.Start(crew), routing.End(crew)):
            time.CumulVar(index).SetRange(max(own.window[0] - shift, 0), own.window[1] - shift)
        if own.duty is not None:
            time.SetSpanUpperBoundForVehicle(own.duty, crew)
        routing.AddVariableMinimizedByFinalizer(time.CumulVar(routing.End(crew)))
        solver = routing.solver()
        if own.breaks:
            breaks = [
                solver.FixedDurationIntervalVar(early - shift, late - shift, length, False, "")
                for early, late, length in own.breaks
            ]
            time.SetBreakIntervalsOfVehicle(breaks, crew, services)
    return time


def _rooms(problem: Problem, manager: Any, routing: Any) -> None:
    """One dimension for each kind of room."""
    tasks = 2 * len(problem.tasks)
    for kind in range(len(problem.crews[0].capacity)):
        amounts = [0] * len(problem.seconds)
        for node in range(tasks):
            amount = problem.tasks[node // 2].amounts[kind]
            amounts[node] = -amount if node % 2 else amount
        unary = routing.RegisterUnaryTransitVector(amounts)
        routing.AddDimensionWithVehicleCapacity(
            unary, 0, [crew.capacity[kind] for crew in problem.crews], True, f"room{kind}"
        )


def _told(problem: Problem, manager: Any, routing: Any, solver: Any, found: Callable[[Tours], bool]) -> None:
    """Hand a better plan on; end the search where that is wished."""
    if found(_tours(problem, manager, routing, lambda index: routing.NextVar(index).Value())):
        solver.FinishCurrentSearch()


def _tours(problem: Problem, manager: Any, routing: Any, following: Callable[[int], int]) -> Tours:
    tours: Tours = {}
    for crew in range(len(problem.crews)):
        index, tour = following(routing.Start(crew)), []
        while not routing.IsEnd(index):
            tour.append(manager.IndexToNode(index))
            index = following(index)
        if tour:
            tours[crew] = tuple(tour)
    return tours
