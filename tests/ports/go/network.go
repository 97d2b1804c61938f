package main

import "math"

type vector = []float64
type matrix = []vector

// build is the list of f(0), f(1), ...
func build[T any](length int, f func(k int) T) []T {
	out := make([]T, length)
	for k := range out {
		out[k] = f(k)
	}
	return out
}

// zeros is a matrix of the same shape that is all 0.
func zeros(m matrix) matrix {
	return build(len(m), func(k int) vector { return make(vector, len(m[k])) })
}

func minus(a, b vector) vector { return build(len(a), func(k int) float64 { return a[k] - b[k] }) }
func relu(a vector) vector     { return build(len(a), func(k int) float64 { return max(a[k], 0) }) }
func times(W matrix, g vector) vector {
	return build(len(W), func(i int) float64 { return dot(W[i], g) })
}
func norm(a vector) float64 { return math.Sqrt(dot(a, a)) }

func dot(a, b vector) (sum float64) {
	for k := range a {
		sum += a[k] * b[k]
	}
	return sum
}

// add is a += factor b, in place.
func add(a vector, factor float64, b vector) {
	for k := range a {
		a[k] += factor * b[k]
	}
}

// normRelu is Norm([z]_+) of N2 and N3. The zero vector stays zero.
func normRelu(z vector) vector {
	out := relu(z)
	if length := norm(out); length > 0 {
		out = build(len(z), func(k int) float64 { return out[k] / length })
	}
	return out
}

// parameters are all trained numbers.
type parameters struct {
	A1    matrix `json:"A1"`
	B1    vector `json:"a1"`
	A2    matrix `json:"A2"`
	B2    vector `json:"a2"`
	A3    matrix `json:"A3"`
	B3    vector `json:"a3"`
	Gamma vector `json:"gamma"`
}

// layers are what N1 computes for one velocity.
type layers struct {
	input, h1, h2 vector
	W             matrix
}

func (p parameters) layers(velocity vector, scale float64) layers {
	layer := func(x vector, weights matrix, bias vector) vector { // x A + a
		out := append(vector{}, bias...)
		for k := range x {
			add(out, x[k], weights[k])
		}
		return out
	}
	input, N := vector{velocity[0] / scale, velocity[1] / scale}, len(p.Gamma)
	h1 := relu(layer(input, p.A1, p.B1))
	h2 := relu(layer(h1, p.A2, p.B2))
	W := layer(h2, p.A3, p.B3)
	return layers{input, h1, h2, build(N, func(i int) vector { return W[i*N : (i+1)*N] })}
}

// walk is a batch of B trajectories (D2 to D4) with what the network does on it (N1 to N3).
// Its lists have a state for each trajectory before the first step, and then a state for each trajectory after each step.
type walk struct {
	velocities matrix
	order      [][]int
	layers     []layers
	path       matrix
	dead       int // how many states after a step are zero
}

func walkOf(batch object) walk {
	return walk{velocities: get[matrix](batch, "velocities"), order: get[[][]int](batch, "order")}
}

// steps calls f for each step of each trajectory, time first, with the place of its state in `path` and the number of its velocity.
func (w walk) steps(f func(state, velocity int)) {
	for t := range w.order[0] {
		for b := range w.order {
			f((t+1)*len(w.order)+b, w.order[b][t])
		}
	}
}

func (w walk) before(state int) int { return state - len(w.order) } // the place of the state before a step

// places are the positions of D3, the start among them.
func (w walk) places() matrix {
	out := build(len(w.order), func(int) vector { return vector{0, 0} })
	w.steps(func(state, velocity int) {
		before, v := out[w.before(state)], w.velocities[velocity]
		out = append(out, vector{before[0] + v[0], before[1] + v[1]})
	})
	return out
}

// follow lets a network take the steps of a batch.
func follow(p parameters, batch object, scale float64) walk {
	w := walkOf(batch)
	w.layers = build(len(w.velocities), func(k int) layers { return p.layers(w.velocities[k], scale) })
	initial := normRelu(p.Gamma)
	w.path = build(len(w.order), func(int) vector { return initial })
	w.steps(func(state, velocity int) {
		w.path = append(w.path, normRelu(times(w.layers[velocity].W, w.path[w.before(state)])))
		if norm(w.path[state]) == 0 {
			w.dead++
		}
	})
	return w
}

// byTime is a list like `path` without the states before the first step, time first.
func (w walk) byTime(list matrix) []matrix {
	B := len(w.order)
	return build(len(list)/B-1, func(t int) matrix { return list[(t+1)*B : (t+2)*B] })
}

func positions(in object) output { return output{"positions": walkOf(in).byTime(walkOf(in).places())} }

func transition(in object) output {
	p := get[parameters](in, "parameters")
	return output{"W": p.layers(get[vector](in, "velocity"), in.number("velocityScale")).W}
}

func initialState(in object) output { return output{"state": normRelu(get[vector](in, "gamma"))} }

func step(in object) output {
	return output{"state": normRelu(times(get[matrix](in, "W"), get[vector](in, "state")))}
}

func rollout(in object) output {
	w := follow(get[parameters](in, "parameters"), in, in.number("velocityScale"))
	return output{"initial": w.path[0], "states": w.byTime(w.path), "deadStates": w.dead}
}
