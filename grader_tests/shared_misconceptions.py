"""What to say about the mistakes that several lessons share.

One entry per wrong belief: `belief` as its holder would say it, `explanation` of
what the code then does (its first sentence must do alone in a table), a `question`
and a `hint` that lead to the idea without giving the answer away. Learners read all
of them. Code, most switches and the paragraph of the lesson are each lesson's own:
`misconception(..., **SHARED["eps-omitted"])`.

Every number was computed in float64; sizes of outputs are for gamma = 1, beta = 0.
Longer than other modules because it is one table.
"""

FIXED_EPS = {
    f"as {eps}": float(eps)
    for eps in ("1e-5", "1e-3", "1e-6", "1e-7", "1e-8", "1e-9", "1e-10", "1e-12")
}
"""Numbers that learners put in the place of eps, by the value of the switch `eps_added`."""
EPS_FORMS = {name.removeprefix("as "): {"eps_added": name} for name in FIXED_EPS}
"""The forms of `eps-hard-coded`."""
DEFAULT_FORMS = {eps: {"default_eps": float(eps)} for eps in EPS_FORMS if eps != "1e-5"}
"""The forms of `eps-default-changed`; every number but the right one."""

SHARED: dict[str, dict[str, str]] = {
    "eps-outside-sqrt": {
        "belief": "Epsilon protects the division, so it is added to the standard deviation.",
        "explanation": (
            "This behaves like adding eps after the square root was taken. With a standard "
            "deviation of 0.001 and eps = 0.00001 the outputs come out 3.3 times too large."
        ),
        "question": "Is eps given in the units of x, or in the units of x squared?",
        "hint": "Read the formula from the inside out: what is complete before the root is taken?",
    },
    "eps-omitted": {
        "belief": "Epsilon is a technicality: real data always varies.",
        "explanation": (
            "This behaves like dividing by the bare standard deviation. eps has no effect, and "
            "a constant row gives 0/0, which is NaN."
        ),
        "question": "What does your function return for the row [3, 3, 3]?",
        "hint": "Follow that row by hand up to the division.",
    },
    "eps-hard-coded": {
        "belief": "Epsilon is always the same tiny number, so it can stand in the code.",
        "explanation": (
            "This behaves like adding one fixed number whatever the caller passes. For a row with "
            "variance 1, eps = 0.5 must shrink the outputs to 0.816 of their size; here it does "
            "not."
        ),
        "question": "What changes in your result when the caller passes eps=0.5?",
        "hint": "Where does the eps come from that is added in the second call, and in the third? "
        "Look for 1e- in your code, and for an eps that an earlier call left behind.",
    },
    "eps-default-changed": {
        "belief": "The default of eps is mine to choose: whoever cares passes their own.",
        "explanation": (
            "This behaves like another default for eps than 1e-5. Calls that pass eps are right; "
            "in the others a row with variance 1e-5 comes out at another size than 0.707."
        ),
        "question": "Which eps does your function add when the caller says nothing about it?",
        "hint": "Compare the first line of your definition with the one that was released.",
    },
    "eps-squared": {
        "belief": "Epsilon joins a squared quantity, so it is squared as well.",
        "explanation": (
            "This behaves like adding eps**2 to the variance. The default 1e-5 then counts as "
            "1e-10, and eps = 0.5 counts as 0.25."
        ),
        "question": "If the variance is 0 and eps is 0.25, what do you divide by?",
        "hint": "eps is given in the units of the variance. How much of it arrives there?",
    },
    "unbiased-variance": {
        "belief": "The variance of a row is the sample variance.",
        "explanation": (
            "This behaves like dividing by D - 1. At D = 4 the outputs shrink to "
            "sqrt(3/4) = 0.866 of the right size."
        ),
        "question": "How many deviations do you sum, and by what do you divide?",
        "hint": "Look up what the functions that you call divide by. In NumPy the parameter is "
        "called ddof, in PyTorch correction; their defaults differ.",
    },
    "divide-by-variance": {
        "belief": "Dividing by the variance makes the variance 1.",
        "explanation": (
            "This behaves like dividing by the variance without taking its root. A row with "
            "standard deviation 10 comes out with standard deviation 0.1."
        ),
        "question": "If x is in metres, what are the units of your divisor and of your result?",
        "hint": "Multiply a row by 10. How much does your divisor grow?",
    },
    "batch-axis": {
        "belief": "A feature is normalized over the samples of the batch.",
        "explanation": (
            "This behaves like statistics over the first axis, as in batch normalization. What "
            "becomes of a sample then depends on the samples beside it."
        ),
        "question": "Does a row give the same result alone and inside a batch?",
        "hint": "Which axis has to disappear when all features of one token are averaged?",
    },
    "second-axis": {
        "belief": "The features of a row lie along axis 1.",
        "explanation": (
            "This behaves like averaging along axis 1. In a table that is the last axis; of three "
            "axes it is the middle one, and a single row does not have it."
        ),
        "question": "Along which axis lie the features of an array of shape (32, 50, 128)?",
        "hint": "Which axis number means the last one, however many there are?",
    },
    "whole-tensor": {
        "belief": "The array is normalized by its mean and its standard deviation.",
        "explanation": (
            "This behaves like one mean and one variance for the whole array. Samples leak into "
            "each other: shape (32, 50, 128) then has 1 mean; it needs 1600."
        ),
        "question": "How many means belong to an array of shape (32, 50, 128)?",
        "hint": "Print the shape of your mean, and count the tokens.",
    },
    "all-non-batch-axes": {
        "belief": "One sample of the batch is one mean.",
        "explanation": (
            "This behaves like one mean and one variance per sequence. Shape (32, 50, 128) then "
            "has 32 means; it needs 1600. Later words change every token, and so does padding, "
            "the filler that makes all sentences equally long."
        ),
        "question": "If one word of a sentence changes, which outputs may change?",
        "hint": "With two axes your code is right. Try three, and count the means.",
    },
    "no-centering": {
        "belief": "Only the size of the numbers matters, so the mean may stay.",
        "explanation": (
            "This behaves like RMSNorm: the mean is never removed. The row is divided by its root "
            "mean square, and adding 100 to every entry changes the result."
        ),
        "question": "What must happen to the result when 100 is added to every entry of a row?",
        "hint": "With gamma = 1 and beta = 0, what is the mean of one row of your result?",
    },
    "mean-kept": {
        "belief": "The mean is needed for the variance, and for nothing else.",
        "explanation": (
            "This behaves like dividing x itself by the standard deviation. The mean is used "
            "inside the variance, but it is never removed from the row."
        ),
        "question": "What stands above the fraction line of the formula?",
        "hint": "With gamma = 1 and beta = 0, what is the mean of one row of your result?",
    },
    "center-only": {
        "belief": "Normalizing means subtracting the mean.",
        "explanation": (
            "This behaves like removing the mean and keeping the spread. Ten times the input "
            "gives ten times the result."
        ),
        "question": "What must happen to the result when every entry of a row is multiplied by 10?",
        "hint": "With gamma = 1 and beta = 0, what is the variance of one row of your result?",
    },
    "affine-ignored": {
        "belief": "The normalized row is the result.",
        "explanation": (
            "This behaves like returning the normalized row: gamma and beta never reach it."
        ),
        "question": "Where does your result depend on gamma, and where on beta?",
        "hint": "With gamma = 0 every row of the result must be equal to one of the arguments.",
    },
    "gamma-forgotten": {
        "belief": "The normalized row only has to be shifted.",
        "explanation": (
            "This behaves like adding beta without multiplying by gamma. Doubling gamma changes "
            "nothing."
        ),
        "question": "What must change in the result when every entry of gamma is doubled?",
        "hint": "Find the line of your code with gamma in it. Does the result pass through it?",
    },
    "beta-forgotten": {
        "belief": "The normalized row only has to be scaled.",
        "explanation": (
            "This behaves like multiplying by gamma without adding beta. A constant row then gives "
            "zeros, whatever beta is."
        ),
        "question": "What must your function return for a constant row?",
        "hint": "Find the line of your code with beta in it. Does the result pass through it?",
    },
    "gamma-beta-swapped": {
        "belief": "The order of gamma and beta does not matter.",
        "explanation": (
            "This behaves like scaling by beta and shifting by gamma. With gamma = 1 and beta = 0 "
            "every result is then 1."
        ),
        "question": "Which of the two scales, and which of the two shifts?",
        "hint": "Compare the order of your parameters, and of the arguments you pass, with the "
        "order of the stub.",
    },
    "beta-inside-gamma": {
        "belief": "Shift and scale can be applied in either order.",
        "explanation": (
            "This behaves like shifting first and scaling afterwards. Feature j is then shifted "
            "by gamma[j] times beta[j]."
        ),
        "question": "With gamma = 2 and beta = 3, what must a normalized 0 become?",
        "hint": "Which of the two steps should see numbers with mean 0 and variance 1?",
    },
    "gamma-before-norm": {
        "belief": "Gamma scales the features before they are normalized.",
        "explanation": (
            "This behaves like multiplying by gamma before the statistics are taken. A gamma "
            "that doubles all features is then normalized away."
        ),
        "question": "If every entry of gamma is 2, how large must the result be?",
        "hint": "Which quantities may the mean and the variance depend on?",
    },
    "scalar-affine": {
        "belief": "Scale and shift are one number each.",
        "explanation": (
            "This behaves like using one entry of gamma and one of beta for all features. The "
            "other entries have no effect."
        ),
        "question": "What must change in the result when only the last entry of gamma changes?",
        "hint": "How many entries do gamma and beta have, and what is each of them for?",
    },
    "keepdims-missing": {
        "belief": "Broadcasting lines the means up with their rows.",
        "explanation": (
            "This behaves like statistics that have lost their last axis. Most shapes then raise "
            "an error; on square arrays each row's statistics silently land on a column."
        ),
        "question": "Which shape do your means have, and how does that line up with x?",
        "hint": "Shapes are aligned from the right. What would your means need as their last axis?",
    },
    "mutates-input": {
        "belief": "x is mine once it was passed to me.",
        "explanation": (
            "This behaves like working inside the caller's array. After the call x holds other "
            "numbers than before."
        ),
        "question": "What does x hold after your function returned?",
        "hint": "Look for -=, /= and out= in your code: whose memory do they write to?",
    },
    "upcast-leak": {
        "belief": "More digits never hurt, so the result may stay in the wider dtype.",
        "explanation": (
            "This behaves like returning the dtype of the statistics. Half precision goes in, "
            "single precision comes out."
        ),
        "question": "Which dtype has your result for a float16 input?",
        "hint": "Compare x.dtype with the dtype of what you return.",
    },
    "float64-leak": {
        "belief": "NumPy computes in float64, so float64 is what comes out.",
        "explanation": (
            "This behaves like turning every input into float64 and leaving it there. A float32 "
            "array goes in with 4 bytes for each number and comes back with 8."
        ),
        "question": "Which dtype has your result for a float32 input?",
        "hint": "Compare x.dtype with the dtype of what you return.",
    },
    "float32-always": {
        "belief": "float32 is wide enough for every input.",
        "explanation": (
            "This behaves like turning every input into float32, float64 too. More than half of "
            "its digits are gone before the first mean is taken."
        ),
        "question": "How many of the digits of 134217729 = 2**27 + 1 does a float32 keep?",
        "hint": "float32 is the least that the statistics need. When is it not enough?",
    },
    "low-precision-stats": {
        "belief": "The dtype of the input is good enough for its statistics.",
        "explanation": (
            "This behaves like taking the statistics in half precision. 10000 squared is more "
            "than 65504, the largest float16: the variance is infinite, the normalized row 0."
        ),
        "question": "What is the largest float16, and what is the square of 10000?",
        "hint": "In which dtype are your mean and your variance computed?",
    },
    "low-precision-mean": {
        "belief": "Only squares need a wide dtype; the mean is as large as the entries.",
        "explanation": (
            "This behaves like rounding the mean of each row to half precision. Beyond 1024 a "
            "float16 holds integers only: a mean of 1507.5 becomes 1508."
        ),
        "question": "Which dtype has your mean, and which dtype have your deviations?",
        "hint": "At 1500, how far is it from one float16 to the next? Compare this with the "
        "deviations.",
    },
    "one-pass-variance": {
        "belief": "Mean of the squares minus square of the mean is the variance.",
        "explanation": (
            "This behaves like subtracting two nearly equal numbers. With mean 10000 and standard "
            "deviation 0.1 both are near 10^8, where neighbouring float32 numbers are 8 apart; "
            "the variance, 0.01, is lost."
        ),
        "question": "How many digits does a float32 hold, and how many does your difference need?",
        "hint": "The variance does not change when a constant is subtracted from the row first.",
    },
    "forgot-sum-rows": {
        "belief": "Every row has its own gradient of gamma and beta.",
        "explanation": (
            "This behaves like returning the gradients of gamma and beta row by row. All rows "
            "share one gamma, so its gradient has the shape of gamma."
        ),
        "question": "Which shape has gamma, and which shape has the gradient you return?",
        "hint": "Along which axes was gamma broadcast on the way forward?",
    },
    "constant-stats-grad": {
        "belief": "Mean and standard deviation are constants of the row.",
        "explanation": (
            "This behaves like holding mean and variance fixed in the backward pass. They depend "
            "on every entry of x, and each of them sends gradient back."
        ),
        "question": "If x[0] grows a little, which entries of the result change?",
        "hint": "Adding a constant to x changes nothing. What must the entries of dx sum to?",
    },
    "no-xhat-term": {
        "belief": "Only the mean depends on x.",
        "explanation": (
            "This behaves like a backward pass without the path through the variance. The "
            "correction along the normalized row is missing."
        ),
        "question": "How many statistics does the forward pass take, and how many corrections "
        "does your backward pass make?",
        "hint": "With eps = 0, scaling x changes nothing. What must the sum of dx * x then be?",
    },
    "no-mean-term": {
        "belief": "Only the variance depends on x.",
        "explanation": (
            "This behaves like a backward pass without the path through the mean. It is the "
            "backward pass of RMSNorm."
        ),
        "question": "What do the entries of your dx sum to, and what should they?",
        "hint": "Adding a constant to x changes nothing. Which gradient notices?",
    },
    "gamma-forgotten-bwd": {
        "belief": "The incoming gradient goes straight into the normalization.",
        "explanation": (
            "This behaves like a backward pass in which gamma is 1. The step through the scaling "
            "is missing from the gradient of x."
        ),
        "question": "What was the last thing that happened to the normalized row going forward?",
        "hint": "Undo the forward steps one at a time, the last one first.",
    },
    "mean-vs-sum-bwd": {
        "belief": "The corrections are sums over the features.",
        "explanation": (
            "This behaves like sums where averages belong: both corrections are D times too large."
        ),
        "question": "What is the derivative of a mean with respect to one of its D entries?",
        "hint": "Try D = 1 and D = 2: where does the error begin?",
    },
    "unmasked-centering": {
        "belief": "Lanes outside the row are zero, so they add nothing to the variance.",
        "explanation": (
            "This behaves like letting the padding lanes into the variance. After centering they "
            "hold 0 - mean, and each adds mean squared."
        ),
        "question": "What does x - mean hold in the lanes beyond the last column?",
        "hint": "Which lanes may take part in the sum of squares?",
    },
    "block-size-divisor": {
        "belief": "The block holds the row, so its size is the number of features.",
        "explanation": (
            "This behaves like dividing by the padded width. With 96 columns in a block of 128, "
            "the mean comes out at three quarters of its value."
        ),
        "question": "How many numbers were added, and by how many do you divide?",
        "hint": "Try a number of columns that is no power of two.",
    },
    "unmasked-store": {
        "belief": "What a store writes beyond the row does no harm.",
        "explanation": (
            "This behaves like storing the whole block. The rows are right, but the memory after "
            "the last row is overwritten."
        ),
        "question": "How many numbers does one program of your kernel write?",
        "hint": "Loads and stores of one row need the same protection.",
    },
}
