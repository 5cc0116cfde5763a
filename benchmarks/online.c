/* An epoch of online training in plain C: a hidden layer with ReLU, softmax and cross-entropy.
 *
 * Sizes are macros, so that a compiler can unroll and vectorise loops over neurons. With LISTED, a sample is its
 * non-zero pixels, which were listed once before, and eight rows of weights are added at a time; without, all of its
 * pixels. Weights of the first layer are stored pixel by pixel, those of the second neuron by neuron. */

#include <math.h>
#include <stdint.h>
#include <string.h>

static float w1[INPUTS * HIDDEN], b1[HIDDEN], w2[CLASSES * HIDDEN], b2[CLASSES];
static float inputs[INPUTS], hidden[HIDDEN], below[HIDDEN], output[CLASSES], error[CLASSES];
static uint16_t everything[INPUTS];

void set(const float *parameters)
{
    memcpy(w1, parameters, sizeof w1);
    memcpy(b1, parameters + INPUTS * HIDDEN, sizeof b1);
    memcpy(w2, parameters + INPUTS * HIDDEN + HIDDEN, sizeof w2);
    memcpy(b2, parameters + INPUTS * HIDDEN + HIDDEN + CLASSES * HIDDEN, sizeof b2);
    for (int i = 0; i < INPUTS; i++)
        everything[i] = (uint16_t)i;
}

void get(float *parameters)
{
    memcpy(parameters, w1, sizeof w1);
    memcpy(parameters + INPUTS * HIDDEN, b1, sizeof b1);
    memcpy(parameters + INPUTS * HIDDEN + HIDDEN, w2, sizeof w2);
    memcpy(parameters + INPUTS * HIDDEN + HIDDEN + CLASSES * HIDDEN, b2, sizeof b2);
}

static void forward(const uint16_t *which, int count)
{
    memcpy(hidden, b1, sizeof hidden);
    int i = 0;
    for (; i + 8 <= count; i += 8) {
        const float *x = inputs + i;
        const float *r0 = w1 + which[i] * HIDDEN, *r1 = w1 + which[i + 1] * HIDDEN;
        const float *r2 = w1 + which[i + 2] * HIDDEN, *r3 = w1 + which[i + 3] * HIDDEN;
        const float *r4 = w1 + which[i + 4] * HIDDEN, *r5 = w1 + which[i + 5] * HIDDEN;
        const float *r6 = w1 + which[i + 6] * HIDDEN, *r7 = w1 + which[i + 7] * HIDDEN;
        for (int j = 0; j < HIDDEN; j++)
            hidden[j] += x[0] * r0[j] + x[1] * r1[j] + x[2] * r2[j] + x[3] * r3[j] + x[4] * r4[j]
                + x[5] * r5[j] + x[6] * r6[j] + x[7] * r7[j];
    }
    for (; i < count; i++)
        for (int j = 0; j < HIDDEN; j++)
            hidden[j] += inputs[i] * w1[which[i] * HIDDEN + j];
    for (int j = 0; j < HIDDEN; j++)
        hidden[j] = hidden[j] > 0 ? hidden[j] : 0;
    float largest = -INFINITY, total = 0;
    for (int k = 0; k < CLASSES; k++) {
        float sum = b2[k];
        for (int j = 0; j < HIDDEN; j++)
            sum += w2[k * HIDDEN + j] * hidden[j];
        output[k] = sum;
        largest = sum > largest ? sum : largest;
    }
    for (int k = 0; k < CLASSES; k++) {
        output[k] = expf(output[k] - largest);
        total += output[k];
    }
    for (int k = 0; k < CLASSES; k++)
        output[k] /= total;
}

static void update(const uint16_t *which, int count, int label, float rate)
{
    memset(below, 0, sizeof below);
    for (int k = 0; k < CLASSES; k++) {
        error[k] = output[k] - (k == label);
        for (int j = 0; j < HIDDEN; j++)
            below[j] += error[k] * w2[k * HIDDEN + j];
    }
    for (int k = 0; k < CLASSES; k++) {
        float step = rate * error[k];
        for (int j = 0; j < HIDDEN; j++)
            w2[k * HIDDEN + j] -= step * hidden[j];
        b2[k] -= step;
    }
    for (int j = 0; j < HIDDEN; j++) {
        below[j] = hidden[j] > 0 ? below[j] : 0;
        b1[j] -= rate * below[j];
    }
    for (int i = 0; i < count; i++) {
        float *row = w1 + which[i] * HIDDEN, step = rate * inputs[i];
        for (int j = 0; j < HIDDEN; j++)
            row[j] -= step * below[j];
    }
}

void train(const int64_t *starts, const uint16_t *listed, const uint8_t *greys, const uint8_t *labels,
           const int64_t *order, int64_t samples, float rate)
{
    for (int64_t s = 0; s < samples; s++) {
        int64_t sample = order[s];
#ifdef LISTED
        const uint16_t *which = listed + starts[sample];
        const uint8_t *seen = greys + starts[sample];
        int count = (int)(starts[sample + 1] - starts[sample]);
#else
        const uint16_t *which = everything;
        const uint8_t *seen = greys + sample * INPUTS;
        int count = INPUTS;
#endif
        for (int i = 0; i < count; i++)
            inputs[i] = seen[i] * (1 / 255.0f);
        forward(which, count);
        update(which, count, labels[sample], rate);
    }
}
