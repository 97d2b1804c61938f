package main

import "math"

// Each loss returns its value and how many pairs or steps it was taken over.
// It adds its derivative by each state, times a weight, to `slopes`.

// overPairs is L2 if near, and otherwise L1, over the ordered pairs of some states.
func overPairs(near bool, states, places matrix, some []int, s object, weight float64, slopes matrix) (float64, int) {
	var pairs [][2]int
	sigmaX, total, share := s.number("sigmaX"), 0.0, 1.0
	for _, i := range some {
		for _, j := range some {
			distance := norm(minus(places[i], places[j]))
			if i != j && (near && distance < sigmaX || !near && distance > sigmaX) {
				pairs = append(pairs, [2]int{i, j})
			}
		}
	}
	if get[string](s, "reduction") == "mean" {
		share = 1 / float64(len(pairs))
	}
	for _, pair := range pairs {
		difference := minus(states[pair[0]], states[pair[1]])
		value, slope := dot(difference, difference), 1.0 // the derivative by the squared distance
		if !near {
			width := 2 * math.Pow(s.number("sigmaG"), 2)
			value, slope = math.Exp(-value/width), -math.Exp(-value/width)/width
		}
		total += share * value
		add(slopes[pair[0]], 2*weight*share*slope, difference)
		add(slopes[pair[1]], -2*weight*share*slope, difference)
	}
	return total, len(pairs)
}

func all(states matrix) []int { return build(len(states), func(i int) int { return i }) }

func capacityOf(states matrix, weight float64, slopes matrix) float64 {
	P, mean := float64(len(states)), make(vector, len(states[0]))
	for _, state := range states {
		add(mean, 1/P, state)
	}
	for _, slope := range slopes {
		add(slope, -2*weight/P, mean)
	}
	return -dot(mean, mean)
}

func (w walk) con(s object, weight float64, slopes matrix) (variance float64, count int) {
	slow, fast, ratios, mean := s.number("sigmaS"), s.number("sigmaC"), map[int]float64{}, 0.0
	w.steps(func(state, velocity int) {
		if speed := norm(w.velocities[velocity]); slow < speed && speed < fast {
			ratios[state] = norm(minus(w.path[state], w.path[w.before(state)])) / speed
			mean += ratios[state]
		}
	})
	mean /= float64(len(ratios))
	w.steps(func(state, velocity int) {
		ratio := ratios[state]
		if _, counts := ratios[state]; counts {
			variance += (ratio - mean) * (ratio - mean) / float64(len(ratios))
		}
		if ratio > 0 {
			moved, v := minus(w.path[state], w.path[w.before(state)]), w.velocities[velocity]
			slope := 2 * weight * (ratio - mean) / float64(len(ratios)) / (ratio * dot(v, v))
			add(slopes[state], slope, moved)
			add(slopes[w.before(state)], -slope, moved)
		}
	})
	return variance, len(ratios)
}

// loss is L5 with all its parts, and the derivative of the total by all parameters.
func loss(p parameters, batch object, scale float64, s object) (parts output, gradient parameters) {
	w := follow(p, batch, scale)
	B := len(w.order)
	initial := make(vector, len(p.Gamma)) // one for all trajectories, so that their derivatives add up
	slopes := append(build(B, func(int) vector { return initial }), zeros(w.path[B:])...)
	states, places, drawn := w.path[B:], w.places()[B:], all(w.path[B:])
	if _, found := batch["pairs"]; found {
		drawn = get[[]int](batch, "pairs")
	}
	lambda := func(name string) float64 { return s.number("lambda" + name) }
	sep, far := overPairs(false, states, places, drawn, s, lambda("Sep"), slopes[B:])
	inv, near := overPairs(true, states, places, all(states), s, lambda("Inv"), slopes[B:])
	cap := capacityOf(states, lambda("Cap"), slopes[B:])
	con, steps := w.con(s, lambda("Con"), slopes)
	total := lambda("Sep")*sep + lambda("Inv")*inv + lambda("Cap")*cap + lambda("Con")*con
	return output{"sep": sep, "inv": inv, "cap": cap, "con": con, "total": total, "farCount": far, "nearCount": near,
		"conCount": steps, "deadStates": w.dead}, w.back(p, slopes)
}

func pairLoss(near bool) func(object) output {
	return func(in object) output {
		states := get[matrix](in, "states")
		value, count := overPairs(near, states, get[matrix](in, "positions"), all(states), in, 0, zeros(states))
		return output{"value": value, "count": count}
	}
}

func capacity(in object) output {
	return output{"value": capacityOf(get[matrix](in, "states"), 0, nil)}
}

func conformalIsometry(in object) output {
	w, initial := walkOf(in), get[vector](in, "initial")
	w.path = build(len(w.order), func(int) vector { return initial })
	for _, states := range get[[]matrix](in, "states") {
		w.path = append(w.path, states...)
	}
	value, count := w.con(in, 0, zeros(w.path))
	return output{"value": value, "count": count}
}

func losses(in object) output {
	parts, _ := loss(get[parameters](in, "parameters"), in, in.number("velocityScale"), get[object](in, "settings"))
	return parts
}
