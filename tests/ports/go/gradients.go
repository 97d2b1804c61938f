package main

// throughNorm turns the derivative by a state Norm([z]_+) into the one by z. None passes through a dead state or a ReLU at or below 0.
func throughNorm(slope, state, z vector) vector {
	along, length := dot(slope, state), norm(relu(z))
	return build(len(slope), func(k int) float64 {
		if length == 0 || state[k] <= 0 {
			return 0
		}
		return (slope[k] - along*state[k]) / length
	})
}

// throughLayer turns the derivative by x A + a into those by A and a, which it adds up, and into the one by x. Where x is the output of a
// ReLU, none passes unless it is above 0.
func throughLayer(slope, x vector, weights, weightSlopes matrix, biasSlope vector) vector {
	add(biasSlope, 1, slope)
	return build(len(x), func(k int) float64 {
		add(weightSlopes[k], x[k], slope)
		if x[k] <= 0 {
			return 0
		}
		return dot(weights[k], slope)
	})
}

// back goes the way of the network backwards: from the derivatives by all of `path` to those by all parameters.
func (w walk) back(p parameters, slopes matrix) parameters {
	N := len(p.Gamma)
	W := build(len(w.layers), func(int) vector { return make(vector, N*N) }) // the derivatives by W(v), row by row
	for t := len(w.order[0]) - 1; t >= 0; t-- {
		for b := range w.order {
			state, velocity := (t+1)*len(w.order)+b, w.order[b][t]
			before, rows := w.before(state), w.layers[velocity].W
			for i, slope := range throughNorm(slopes[state], w.path[state], times(rows, w.path[before])) {
				add(W[velocity][i*N:(i+1)*N], slope, w.path[before])
				add(slopes[before], slope, rows[i])
			}
		}
	}
	biases, gamma := zeros(matrix{p.B1, p.B2, p.B3}), throughNorm(slopes[0], w.path[0], p.Gamma)
	g := parameters{zeros(p.A1), biases[0], zeros(p.A2), biases[1], zeros(p.A3), biases[2], gamma}
	for k, layers := range w.layers {
		h2 := throughLayer(W[k], layers.h2, p.A3, g.A3, g.B3)
		h1 := throughLayer(h2, layers.h1, p.A2, g.A2, g.B2)
		throughLayer(h1, layers.input, p.A1, g.A1, g.B1)
	}
	return g
}

func gradients(in object) output {
	_, g := loss(get[parameters](in, "parameters"), in, in.number("velocityScale"), get[object](in, "settings"))
	return output{"A1": g.A1, "a1": g.B1, "A2": g.A2, "a2": g.B2, "A3": g.A3, "a3": g.B3, "gamma": g.Gamma}
}
